// What MariaDB does and its parent does not, on real servers: rows given back, tables of its own collation.
#include "engine/databases/mariadb/dialect.h"
#include "engine/databases/mariadb/driver.h"
#include "engine/databases/mysql/testing/session_fixture.h"
#include "engine/sql/compiler.h"
#include "engine/sql/testing/builders.h"

namespace bridge::mariadb {
namespace {

using sql::testing::must;
using sql::testing::name;
using types::StorageType;
using types::Value;

sql::TablePtr make_notes() {
  sql::Table table{.name = name("mariadb_notes")};
  table.columns.push_back({.name = name("id"),
                           .type = {.storage = StorageType::kInt64},
                           .is_primary_key = true,
                           .generation = sql::Generation::kIdentity});
  table.columns.push_back({.name = name("title"), .type = {.storage = StorageType::kText, .max_length = 40}});
  return must(sql::make_table(std::move(table)));
}

class MariadbSession : public mysql::testing::SessionFixture {
 protected:
  void SetUp() override {
    SessionFixture::SetUp();
    if (IsSkipped()) return;
    connection_ = open_or_fail(server_url());
    ASSERT_NE(connection_, nullptr);
    ASSERT_EQ(run(sql::DropTable{.table = table_}), "");
    ASSERT_EQ(run(sql::CreateTable{.table = table_}), "");
  }
  void TearDown() override {
    if (connection_ != nullptr) {
      EXPECT_EQ(run(sql::DropTable{.table = table_}), "");
    }
    connection_.reset();
    SessionFixture::TearDown();
  }
  Result<std::unique_ptr<driver::Driver>> make_driver(const driver::ConnectionUrl& url) override {
    return make_mariadb_driver(url, environment());
  }

  std::string run(sql::StatementBody body, std::vector<Value> values = {}) {
    return rows_of(*connection_, must(sql::compile(*sql::make_statement(std::move(body)), mariadb_dialect())),
                   std::move(values));
  }
  sql::Insert insert_titles(std::size_t rows) {
    sql::Insert insert;
    insert.source = source_;
    insert.columns = {1};
    insert.row_count = rows;
    insert.returning.push_back({source_, nullptr});
    return insert;
  }

  sql::TablePtr table_ = make_notes();
  sql::SourcePtr source_ = sql::testing::source(table_);
  std::unique_ptr<driver::Connection> connection_;
};

TEST_P(MariadbSession, GivesInsertedRowsBack) {
  EXPECT_EQ(run(insert_titles(2), {Value::of_text("b"), Value::of_text("a")}), "1 'b';2 'a';");
  sql::Insert defaults = insert_titles(1);
  EXPECT_EQ(run(defaults, {Value::of_text("c")}), "3 'c';");
}

TEST_P(MariadbSession, GivesRowsOfSeveralInsertsSentTogetherBack) {
  const auto insert = must(sql::compile(*sql::make_statement(insert_titles(1)), mariadb_dialect()));
  std::vector<std::unique_ptr<mysql::testing::Pending>> answers;
  for (int number = 1; number <= 5; ++number)
    answers.push_back(send(*connection_, insert, {Value::of_text(std::to_string(number))}));
  for (std::size_t place = 0; place < answers.size(); ++place) {
    ASSERT_EQ(await(*answers[place]), "ok");
    const std::string number = std::to_string(place + 1);
    EXPECT_EQ(answers[place]->sink.rows, number + " '" + number + "';");
  }
}

TEST_P(MariadbSession, GivesDeletedRowsBack) {
  ASSERT_EQ(run(insert_titles(1), {Value::of_text("gone")}), "1 'gone';");
  sql::Delete removal;
  removal.source = source_;
  removal.is_everywhere = true;
  removal.returning.push_back({source_, nullptr});
  EXPECT_EQ(run(std::move(removal)), "1 'gone';");
}

TEST_P(MariadbSession, ComparesTextByteByByte) {
  ASSERT_EQ(run(insert_titles(2), {Value::of_text("a"), Value::of_text("a ")}), "1 'a';2 'a ';");
  sql::Select select;
  select.selections.push_back({nullptr, must(sql::make_column(source_, 0))});
  select.from.push_back(source_);
  select.where.push_back(sql::testing::equal(must(sql::make_column(source_, 1)), sql::testing::text("a")));
  select.lock.strength = sql::LockStrength::kShare;
  EXPECT_EQ(run(std::move(select), {Value::of_text("a")}), "1;");
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, MariadbSession,
                         ::testing::Values("BRIDGE_MARIADB", "BRIDGE_MARIADB1011"),
                         [](const auto& server) { return server.param; });

}  // namespace
}  // namespace bridge::mariadb
