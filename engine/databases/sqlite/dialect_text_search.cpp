// Writes text search and its indexes. https://www.sqlite.org/fts5.html, external content tables.
#include "engine/databases/sqlite/dialect_text_search.h"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "engine/databases/sqlite/dialect.h"
#include "engine/sql/compilation.h"
#include "engine/sql/constraint_names.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/text_search.h"

namespace bridge::sqlite {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using sql::SqlWriter;
using Words = SqlWriter::Words;

constexpr Words kWanted = "bridge_text_wanted(";
constexpr std::string_view kNoExtension = "text search: this library was built without FTS5";

Error unsupported(const Dialect& dialect, std::string_view what) {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(dialect.name()) + " has no " + std::string(what));
}

// The key that numbers the rows, by which words find them; none where the numbers are hidden and may change.
std::optional<std::size_t> find_row_number(const sql::Table& table) {
  std::optional<std::size_t> key;
  for (std::size_t index = 0; index < table.columns.size(); ++index) {
    if (!table.columns[index].is_primary_key) continue;
    if (key || !sql::is_integer(table.columns[index].type.storage)) return std::nullopt;
    key = index;
  }
  return key;
}

/// A text index as this database keeps it.
struct WordTable {
  const sql::Table& table;
  const sql::TextIndex& index;
  Identifier name;
  const Identifier& key;
};

Result<WordTable> find_word_table(const Dialect& dialect, const sql::Table& table, std::size_t index) {
  if (!can_search_text()) return unsupported(dialect, kNoExtension);
  BRIDGE_ASSIGN_OR_RETURN(Identifier name,
                          sql::to_text_index_name(table, index, dialect.limits().max_identifier_bytes));
  const std::optional<std::size_t> key = find_row_number(table);
  if (!key) {
    return unsupported(dialect, "text index over a table whose primary key is not one whole number; give " +
                                    table.name.text() + " such a key");
  }
  return WordTable{table, table.text_indexes[index], std::move(name), table.columns[*key].name};
}

/// What a search reads.
struct Search {
  WordTable words;
  sql::FoundTextIndex found;
  sql::ExpressionPtr key;  ///< of the row that is asked about
};

Error no_index(const Dialect& dialect, const sql::Expression& call) {
  std::string columns;
  for (std::size_t index = 0; index < sql::searched_text_count(call); ++index) {
    const auto* const column = call.children()[sql::kFirstSearchedText + index]->as<sql::ColumnReference>();
    if (column == nullptr)
      return unsupported(dialect, "text search in anything but columns with a text_index");
    columns.append(columns.empty() ? "" : ", ")
        .append(column->source->table->columns[column->column].name.text());
  }
  const std::string& language = call.as<sql::FunctionCall>()->language;
  return unsupported(dialect, "text search in columns without an index: declare constraints = [text_index(" +
                                  columns + ", language=\"" + language + "\")] in their model");
}

Result<Search> find_search(const Dialect& dialect, const sql::Expression& call) {
  if (!can_search_text()) return unsupported(dialect, kNoExtension);
  std::optional<sql::FoundTextIndex> found = sql::find_text_index(call);
  if (!found) return no_index(dialect, call);
  const sql::Table& table = *found->source->table;
  BRIDGE_ASSIGN_OR_RETURN(WordTable words, find_word_table(dialect, table, found->index));
  BRIDGE_ASSIGN_OR_RETURN(sql::ExpressionPtr key, sql::make_column(found->source, *find_row_number(table)));
  return Search{std::move(words), std::move(*found), std::move(key)};
}

// A column of the row asked about, whatever columns the words' own table has.
Status write_outer(Compilation& compilation, Operand column) {
  const bool was_qualified = compilation.qualify_columns(true);
  Status written = compilation.write(column, sql::Rank::kAtom);
  compilation.qualify_columns(was_qualified);
  return written;
}

Status write_key(Compilation& compilation, const Search& search) {
  return write_outer(compilation, {search.key.get(), 0});
}

Status write_typed(Compilation& compilation, Words function, Operand call) {
  compilation.text().words(function);
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 0)));
  compilation.text().words(")");
  return {};
}

// ` FROM "words" WHERE "words" MATCH function(typed)`
Status write_match(Compilation& compilation, const Search& search, Words function, Operand call) {
  compilation.text().words(" FROM ").identifier(search.words.name).words(" WHERE ");
  compilation.text().identifier(search.words.name).words(" MATCH ");
  return write_typed(compilation, function, call);
}

// `opening FROM "words" WHERE the typed words are in this row`
Status write_in_row(Compilation& compilation, const Search& search, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_match(compilation, search, kWanted, call));
  compilation.text().words(" AND rowid = ");
  return write_key(compilation, search);
}

// A row that the search does not find keeps its text as it is.
Status write_marked(const Dialect& dialect, Compilation& compilation, Operand call, Words function,
                    bool is_snippet) {
  BRIDGE_ASSIGN_OR_RETURN(const Search search, find_search(dialect, *call.node));
  SqlWriter& text = compilation.text();
  text.words("COALESCE((SELECT ").words(function).identifier(search.words.name).words(", ");
  text.number(search.found.places.front());
  const std::size_t marks = sql::kFirstSearchedText + 1;
  for (const std::size_t mark : {marks, marks + 1}) {
    text.words(", ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, mark)));
  }
  if (is_snippet) {
    text.words(", '', ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, marks + 2)));
  }
  text.words(")");
  BRIDGE_RETURN_IF_ERROR(write_in_row(compilation, search, call));
  // the extension takes NULL for an empty text
  const Operand searched = Compilation::child(call, sql::kFirstSearchedText);
  text.words(" AND ");
  BRIDGE_RETURN_IF_ERROR(write_outer(compilation, searched));
  text.words(" IS NOT NULL), ");
  BRIDGE_RETURN_IF_ERROR(compilation.write(searched));
  text.words(")");
  return {};
}

// Stems as PostgreSQL's English does, nearly; accents tell words apart in both.
Status write_tokenizer(const Dialect& dialect, SqlWriter& text, const std::string& language) {
  if (language == "english") {
    text.words(", tokenize='porter unicode61 remove_diacritics 0')");
  } else if (language == "simple") {
    text.words(", tokenize='unicode61 remove_diacritics 0')");
  } else {
    return unsupported(dialect, "text search in " + language + "; its languages are english and simple");
  }
  return {};
}

Status check_names(const Dialect& dialect, const WordTable& words) {
  for (const std::size_t column : words.index.columns) {
    std::string name = words.table.columns[column].name.text();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
    if (name == "rank" || name == "rowid")
      return unsupported(dialect, "text index over a column named " + name + "; give it another name");
  }
  return {};
}

Status write_word_table(const Dialect& dialect, SqlWriter& text, const WordTable& words) {
  BRIDGE_RETURN_IF_ERROR(check_names(dialect, words));
  text.words("CREATE VIRTUAL TABLE IF NOT EXISTS ").identifier(words.name).words(" USING fts5(");
  for (const std::size_t column : words.index.columns)
    text.identifier(words.table.columns[column].name).words(", ");
  text.words("content=").identifier(words.table.name).words(", content_rowid=").identifier(words.key);
  return write_tokenizer(dialect, text, words.index.language);
}

// A name as a text.
Status write_name(SqlWriter& text, const Identifier& name) {
  return text.literal(types::Value::of_text(name.text()), {.storage = types::StorageType::kText});
}

// One row's words go in or out; the constraint error that can never come makes SQLite keep what it needs to
// undo the whole statement should this fail.
Status write_change(SqlWriter& text, const WordTable& words, Words function, Words row) {
  text.words("SELECT RAISE(ABORT, 'the text index cannot be kept') WHERE NOT ").words(function);
  BRIDGE_RETURN_IF_ERROR(write_name(text, words.name));
  text.words(", ").words(row).identifier(words.key);
  for (const std::size_t column : words.index.columns) {
    const Identifier& name = words.table.columns[column].name;
    text.words(", ");
    BRIDGE_RETURN_IF_ERROR(write_name(text, name));
    text.words(", ").words(row).identifier(name);
  }
  text.words("); ");
  return {};
}

Status write_old_words(SqlWriter& text, const WordTable& words) {
  return write_change(text, words, "bridge_text_remove(", "old.");
}

Status write_new_words(SqlWriter& text, const WordTable& words) {
  return write_change(text, words, "bridge_text_add(", "new.");
}

Status write_trigger(SqlWriter& text, const WordTable& words, std::string_view suffix, Words event) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier name,
                          Identifier::make(words.name.text() + "_" + std::string(suffix)));
  text.words("CREATE TRIGGER IF NOT EXISTS ").identifier(name).words(event);
  return {};
}

Status write_when_inserted(SqlWriter& text, const WordTable& words) {
  BRIDGE_RETURN_IF_ERROR(write_trigger(text, words, "inserted", " AFTER INSERT ON "));
  text.table(words.table).words(" BEGIN ");
  BRIDGE_RETURN_IF_ERROR(write_new_words(text, words));
  text.words("END");
  return {};
}

Status write_when_deleted(SqlWriter& text, const WordTable& words) {
  BRIDGE_RETURN_IF_ERROR(write_trigger(text, words, "deleted", " AFTER DELETE ON "));
  text.table(words.table).words(" BEGIN ");
  BRIDGE_RETURN_IF_ERROR(write_old_words(text, words));
  text.words("END");
  return {};
}

Status write_when_updated(SqlWriter& text, const WordTable& words) {
  BRIDGE_RETURN_IF_ERROR(write_trigger(text, words, "updated", " AFTER UPDATE OF "));
  text.identifier(words.key);
  for (const std::size_t column : words.index.columns)
    text.words(", ").identifier(words.table.columns[column].name);
  text.words(" ON ").table(words.table).words(" BEGIN ");
  BRIDGE_RETURN_IF_ERROR(write_old_words(text, words));
  BRIDGE_RETURN_IF_ERROR(write_new_words(text, words));
  text.words("END");
  return {};
}

// Rows that were there before their index; one that has words already is left alone.
Status write_rows_there(SqlWriter& text, const WordTable& words) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier sizes, Identifier::make(words.name.text() + "_docsize"));
  text.words("INSERT INTO ").identifier(words.name).words(" (").identifier(words.name);
  text.words(") SELECT 'rebuild' WHERE NOT EXISTS (SELECT 1 FROM ").identifier(sizes);
  text.words(") AND EXISTS (SELECT 1 FROM ").table(words.table).words(")");
  return {};
}

}  // namespace

bool can_search_text() { return sqlite3_compileoption_used("ENABLE_FTS5") != 0; }

// The first query finds rows by their words. The second, which costs nothing unless it is asked for, finds
// what has none of the words that must be absent.
Status write_text_matches(const Dialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_ASSIGN_OR_RETURN(const Search search, find_search(dialect, *call.node));
  SqlWriter& text = compilation.text();
  text.words("(");
  BRIDGE_RETURN_IF_ERROR(write_key(compilation, search));
  text.words(" IS NOT NULL AND ");
  BRIDGE_RETURN_IF_ERROR(write_key(compilation, search));
  text.words(" IN (SELECT rowid");
  BRIDGE_RETURN_IF_ERROR(write_match(compilation, search, kWanted, call));
  text.words(" UNION ALL SELECT ").identifier(search.words.key).words(" FROM ").table(search.words.table);
  BRIDGE_RETURN_IF_ERROR(write_typed(compilation, " WHERE bridge_text_unwanted(", call));
  text.words(" IS NOT NULL AND ").identifier(search.words.key).words(" NOT IN (SELECT rowid");
  BRIDGE_RETURN_IF_ERROR(write_match(compilation, search, "bridge_text_unwanted(", call));
  text.words(")))");
  return {};
}

// All ranks are computed once, not for each row anew.
Status write_text_rank(const Dialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_ASSIGN_OR_RETURN(const Search search, find_search(dialect, *call.node));
  SqlWriter& text = compilation.text();
  text.words("COALESCE((WITH bridge_found AS MATERIALIZED (SELECT rowid AS document, -bm25(");
  text.identifier(search.words.name).words(") AS fitness");
  BRIDGE_RETURN_IF_ERROR(write_match(compilation, search, kWanted, call));
  text.words(") SELECT bridge_found.fitness FROM bridge_found WHERE bridge_found.document = ");
  BRIDGE_RETURN_IF_ERROR(write_key(compilation, search));
  text.words("), 0.0)");
  return {};
}

Status write_text_highlight(const Dialect& dialect, Compilation& compilation, Operand call) {
  return write_marked(dialect, compilation, call, "highlight(", false);
}

Status write_text_snippet(const Dialect& dialect, Compilation& compilation, Operand call) {
  return write_marked(dialect, compilation, call, "snippet(", true);
}

Status SqliteDialect::write_create_text_index(SqlWriter& writer, const sql::CreateTextIndex& creation) const {
  BRIDGE_ASSIGN_OR_RETURN(const WordTable words, find_word_table(*this, *creation.table, creation.index));
  switch (creation.part) {
    case sql::TextIndexPart::kWords:
      return write_word_table(*this, writer, words);
    case sql::TextIndexPart::kWhenInserted:
      return write_when_inserted(writer, words);
    case sql::TextIndexPart::kWhenDeleted:
      return write_when_deleted(writer, words);
    case sql::TextIndexPart::kWhenUpdated:
      return write_when_updated(writer, words);
    case sql::TextIndexPart::kRowsThere:
      return write_rows_there(writer, words);
  }
  return write_nothing(writer);
}

Status SqliteDialect::write_drop_text_index(SqlWriter& writer, const sql::DropTextIndex& removal) const {
  BRIDGE_ASSIGN_OR_RETURN(const WordTable words, find_word_table(*this, *removal.table, removal.index));
  writer.words("DROP TABLE IF EXISTS ").identifier(words.name);
  return {};
}

}  // namespace bridge::sqlite
