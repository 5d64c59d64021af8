// What the triggers of a text index may write to, and what they leave alone.
#include "engine/databases/sqlite/word_writer.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace bridge::sqlite {
namespace {

class WordWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    ASSERT_EQ(writer_.register_functions(database_), SQLITE_OK);
    ASSERT_EQ(sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr), SQLITE_OK);
  }
  void TearDown() override {
    writer_.close();
    EXPECT_EQ(sqlite3_close(database_), SQLITE_OK);
  }

  std::string run(const std::string& text) {
    char* message = nullptr;
    sqlite3_exec(database_, text.c_str(), nullptr, nullptr, &message);
    const std::string said = message == nullptr ? "" : message;
    sqlite3_free(message);
    return said;
  }
  int count(const std::string& query) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, query.c_str(), -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int found = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return found;
  }

  sqlite3* database_ = nullptr;
  WordWriter writer_;
};

TEST_F(WordWriterTest, WritesInsideTheStatementOfATrigger) {
  ASSERT_EQ(
      run("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);"
          "CREATE VIRTUAL TABLE \"words\" USING fts5(\"body\", content=\"note\", content_rowid=\"id\");"
          "CREATE TRIGGER added AFTER INSERT ON note BEGIN SELECT bridge_text_add('words', new.id, 'body', "
          "new.body); END;"
          "CREATE TRIGGER removed AFTER DELETE ON note BEGIN SELECT bridge_text_remove('words', old.id, "
          "'body', old.body); END;"),
      "");
  EXPECT_EQ(run("INSERT INTO note VALUES (41, 'one two'), (42, 'two')"), "");
  EXPECT_EQ(sqlite3_last_insert_rowid(database_), 42);
  EXPECT_EQ(count("SELECT count(*) FROM words WHERE words MATCH 'two'"), 2);
  EXPECT_EQ(run("DELETE FROM note WHERE id = 41"), "");
  EXPECT_EQ(count("SELECT count(*) FROM words WHERE words MATCH 'two'"), 1);
  EXPECT_EQ(run("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)"), "");
}

TEST_F(WordWriterTest, WritesToNothingElse) {
  ASSERT_EQ(
      run("CREATE TABLE plain (body TEXT); CREATE VIRTUAL TABLE \"x USING fts5(\" USING rtree(id, a, b)"),
      "");
  EXPECT_NE(run("SELECT bridge_text_add('plain', 1, 'body', 'x')"), "");
  EXPECT_NE(run("SELECT bridge_text_add('x USING fts5(', 1, 'a', 1)"), "");
  EXPECT_NE(run("SELECT bridge_text_add('absent', 1, 'body', 'x')"), "");
  EXPECT_NE(run("SELECT bridge_text_add()"), "");
  EXPECT_EQ(count("SELECT count(*) FROM plain"), 0);
}

TEST_F(WordWriterTest, NamesAreOnlyNames) {
  ASSERT_EQ(run("CREATE TABLE kept (id INTEGER); CREATE VIRTUAL TABLE \"words\" USING fts5(\"body\")"), "");
  EXPECT_NE(run("SELECT bridge_text_add('words', 1, 'body\") VALUES (1,2); DROP TABLE kept; --', 'x')"), "");
  EXPECT_EQ(count("SELECT count(*) FROM kept"), 0);
}

}  // namespace
}  // namespace bridge::sqlite
