// Reads statements, each ended by NUL, and answers each with what CockroachDB's own parser has against it: nothing, or one line.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/cockroachdb/cockroachdb-parser/pkg/sql/parser"
)

const longestStatement = 1 << 24

func splitAtNul(content []byte, _ bool) (int, []byte, error) {
	end := bytes.IndexByte(content, 0)
	if end < 0 {
		return 0, nil, nil
	}
	return end + 1, content[:end], nil
}

func main() {
	statements := bufio.NewScanner(os.Stdin)
	statements.Buffer(nil, longestStatement)
	statements.Split(splitAtNul)
	for statements.Scan() {
		complaint := ""
		if _, err := parser.Parse(statements.Text()); err != nil {
			complaint = strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(complaint)
	}
	if err := statements.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
