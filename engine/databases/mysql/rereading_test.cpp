// Inserts that give rows back, on real servers: numbers, defaults, several rows, failures.
#include "engine/databases/mysql/dialect.h"
#include "engine/databases/mysql/testing/session_fixture.h"
#include "engine/sql/compiler.h"
#include "engine/sql/testing/builders.h"

namespace bridge::mysql::testing {
namespace {

using sql::Generation;
using sql::testing::must;
using types::StorageType;
using types::Value;

sql::TablePtr make_notes() {
  sql::Table table{.name = sql::testing::name("reread_notes")};
  table.columns.push_back({.name = sql::testing::name("id"),
                           .type = {.storage = StorageType::kInt64},
                           .is_primary_key = true,
                           .generation = Generation::kIdentity});
  table.columns.push_back(
      {.name = sql::testing::name("title"), .type = {.storage = StorageType::kText, .max_length = 40}});
  table.columns.push_back({.name = sql::testing::name("stars"),
                           .type = {.storage = StorageType::kInt32},
                           .generation = Generation::kExpression,
                           .default_expression = sql::testing::integer(5)});
  table.unique_constraints.push_back({.columns = {1}});
  return must(sql::make_table(std::move(table)));
}

class RereadingTest : public SessionFixture {
 protected:
  void SetUp() override {
    SessionFixture::SetUp();
    if (IsSkipped()) return;
    connection_ = open_or_fail(server_url());
    ASSERT_NE(connection_, nullptr);
    run("DROP TABLE IF EXISTS reread_notes");
    run("CREATE TABLE reread_notes (id BIGINT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(40) NOT NULL UNIQUE, "
        "stars INT NOT NULL DEFAULT 5)");
  }
  void TearDown() override {
    if (connection_ != nullptr && connection_->is_usable()) run("DROP TABLE IF EXISTS reread_notes");
    connection_.reset();
    SessionFixture::TearDown();
  }

  void run(const std::string& text) {
    const auto told = command(text);
    told->serial = 0;  // sent as text: its number might be a compiler's
    EXPECT_EQ(await(*send(*connection_, told)), "ok") << text;
  }
  sql::CompiledPtr insert(std::vector<std::size_t> columns, std::size_t rows,
                          const std::vector<std::size_t>& returning) {
    sql::Insert insert;
    insert.source = source_;
    insert.columns = std::move(columns);
    insert.row_count = rows;
    for (const std::size_t column : returning)
      insert.returning.push_back({nullptr, must(sql::make_column(source_, column))});
    return must(sql::compile(*sql::make_statement(std::move(insert)), mysql_dialect()));
  }

  sql::TablePtr table_ = make_notes();
  sql::SourcePtr source_ = sql::testing::source(table_);
  std::unique_ptr<driver::Connection> connection_;
};

TEST_P(RereadingTest, TellsTheNumberOfARow) {
  const auto one = insert({1}, 1, {0});
  EXPECT_TRUE(one->rereading->wants_number_only);
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("first")}), "1;");
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("second")}), "2;");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_P(RereadingTest, ReadsDefaultsInTheSameTransaction) {
  const auto one = insert({1}, 1, {0, 2});
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("first")}), "1 5;");
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("second")}), "2 5;");
  EXPECT_FALSE(connection_->is_in_transaction());
  run("ROLLBACK");
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("third")}), "3 5;");
}

TEST_P(RereadingTest, ReadsSeveralRowsInTheirOrder) {
  const auto three = insert({1}, 3, {0, 1});
  const std::vector<Value> titles{Value::of_text("c"), Value::of_text("a"), Value::of_text("b")};
  EXPECT_EQ(rows_of(*connection_, three, titles), "1 'c';2 'a';3 'b';");
}

TEST_P(RereadingTest, KnowsTheStepBetweenNumbers) {
  run("SET SESSION auto_increment_increment = 10, SESSION auto_increment_offset = 3");
  const auto three = insert({1}, 3, {0, 1});
  const std::vector<Value> titles{Value::of_text("c"), Value::of_text("a"), Value::of_text("b")};
  EXPECT_EQ(rows_of(*connection_, three, titles), "3 'c';13 'a';23 'b';");
}

TEST_P(RereadingTest, FindsRowsByTheKeysThatWereSent) {
  const auto two = insert({0, 1}, 2, {2, 0});
  EXPECT_EQ(rows_of(*connection_, two,
                    {Value::of_int64(7), Value::of_text("a"), Value::of_int64(9), Value::of_text("b")}),
            "5 7;5 9;");
}

TEST_P(RereadingTest, LeavesNothingBehindWhenTheInsertFails) {
  const auto one = insert({1}, 1, {0, 2});
  ASSERT_EQ(rows_of(*connection_, one, {Value::of_text("same")}), "1 5;");
  const auto again = send(*connection_, one, {Value::of_text("same")});
  EXPECT_EQ(await(*again), "unique_violation");
  EXPECT_EQ(again->sink.row_count, 0U);
  EXPECT_FALSE(connection_->is_in_transaction());
  EXPECT_TRUE(connection_->is_ready());
}

TEST_P(RereadingTest, StaysInATransactionThatIsOpen) {
  run("START TRANSACTION");
  const auto one = insert({1}, 1, {0, 2});
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("gone")}), "1 5;");
  EXPECT_TRUE(connection_->is_in_transaction());
  run("ROLLBACK");
  EXPECT_EQ(rows_of(*connection_, one, {Value::of_text("gone")}), "2 5;");
}

TEST_P(RereadingTest, AnswersManyAtOnce) {
  const auto one = insert({1}, 1, {0, 2});
  run("START TRANSACTION");
  std::vector<std::unique_ptr<Pending>> answers;
  for (int number = 0; number < 20; ++number)
    answers.push_back(send(*connection_, one, {Value::of_text(std::to_string(number % 10))}));
  for (int number = 0; number < 20; ++number) {
    EXPECT_EQ(await(*answers[static_cast<std::size_t>(number)]), number < 10 ? "ok" : "unique_violation");
  }
  EXPECT_EQ(answers[9]->sink.rows, "10 5;");
  run("COMMIT");
}

// Whatever others insert at the same time, the numbers of one statement belong to its rows.
TEST_P(RereadingTest, KeepsApartWhatOthersInsert) {
  constexpr int kOthers = 4;
  constexpr int kStatements = 25;
  constexpr std::size_t kRows = 20;
  const auto many = insert({1}, kRows, {1});
  std::vector<std::unique_ptr<driver::Connection>> connections;
  for (int other = 0; other < kOthers; ++other) connections.push_back(open_or_fail(server_url()));
  std::vector<std::pair<std::string, std::unique_ptr<Pending>>> answers;
  for (int number = 0; number < kStatements; ++number) {
    for (int other = 0; other < kOthers; ++other) {
      std::vector<Value> titles;
      std::string expected;
      for (std::size_t row = 0; row < kRows; ++row) {
        titles.push_back(
            Value::of_text(std::to_string(other) + "." + std::to_string(number) + "." + std::to_string(row)));
        expected += "'" + titles.back().text + "';";
      }
      answers.emplace_back(expected, send(*connections[static_cast<std::size_t>(other)], many, titles));
    }
  }
  for (const auto& [expected, pending] : answers) {
    ASSERT_EQ(await(*pending), "ok");
    ASSERT_EQ(pending->sink.rows, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, RereadingTest,
                         ::testing::Values("BRIDGE_MARIADB", "BRIDGE_MARIADB1011", "BRIDGE_MYSQL"),
                         [](const auto& server) { return server.param; });

}  // namespace
}  // namespace bridge::mysql::testing
