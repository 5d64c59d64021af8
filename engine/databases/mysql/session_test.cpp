// Sessions with real servers: statements, values both ways, errors, transactions, cursors, stopping.
#include "engine/databases/mysql/testing/session_fixture.h"

namespace bridge::mysql::testing {
namespace {

using types::StorageType;
using types::Value;

class Session : public SessionFixture {};

/// A thousand millions of rows, counted one by one.
const std::string kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
    "SELECT COUNT(*) FROM n a JOIN n b JOIN n c ON a.i * b.i * c.i <> 0";

TEST_P(Session, AnswersAQuestion) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(rows_of(*connection, statement("SELECT 1, 'abc', NULL")), "1 'abc' null;");
  EXPECT_TRUE(connection->is_ready());
  EXPECT_EQ(rows_of(*connection, statement("SELECT ?, ?"), {Value::of_int64(42), Value::of_text("ü😀")}),
            "42 'ü😀';");
}

TEST_P(Session, SendsAndReadsEveryType) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  ASSERT_EQ(await(*send(*connection, command("CREATE TEMPORARY TABLE t (a BIGINT, b DECIMAL(20,6), c DOUBLE, "
                                             "d LONGTEXT, e LONGBLOB, f DATE, g TIME(6), h DATETIME(6), "
                                             "i BINARY(16), j TINYINT(1))"))),
            "ok");
  types::UuidBytes uuid{};
  uuid[0] = 7;
  uuid[15] = 9;
  const std::vector<Value> row{Value::of_int64(-9'223'372'036'854'775'807),
                               Value::of_text(StorageType::kDecimal, "-12345.678900"),
                               Value::of_real(0.1),
                               Value::of_text("it's \\ \"quoted\" \u00e9"),
                               Value::of_text(StorageType::kBytes, std::string("\0\xFF'", 3)),
                               Value::of_integer(StorageType::kDate, -719'162),  // 0001-01-01
                               Value::of_integer(StorageType::kTime, 86'399'999'999),
                               Value::of_integer(StorageType::kTimestampUtc, -1),
                               Value::of_uuid(uuid),
                               Value::of_bool(true)};
  ASSERT_EQ(await(*send(*connection, command("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), row)),
            "ok");
  const auto query = statement(
      "SELECT * FROM t", {StorageType::kInt64, StorageType::kDecimal, StorageType::kFloat64,
                          StorageType::kText, StorageType::kBytes, StorageType::kDate, StorageType::kTime,
                          StorageType::kTimestampUtc, StorageType::kUuid, StorageType::kBool});
  const std::string rows = rows_of(*connection, query);
  EXPECT_TRUE(rows.starts_with("-9223372036854775807 d-12345.678900 r0.100000 'it's \\ \"quoted\" \u00e9'"))
      << rows;
  EXPECT_NE(rows.find("date-719162"), std::string::npos) << rows;
  EXPECT_NE(rows.find("86399999999"), std::string::npos) << rows;
  EXPECT_NE(rows.find("uuid7.9 true;"), std::string::npos) << rows;
}

TEST_P(Session, ReadsManyRowsInOrder) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto query = statement(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT a.i, b.i FROM n "
      "a JOIN n b "
      "ON b.i <= 20 ORDER BY a.i, b.i");
  const auto pending = send(*connection, query);
  ASSERT_EQ(await(*pending), "ok");
  EXPECT_EQ(pending->sink.row_count, 20'000U);
  EXPECT_TRUE(pending->sink.rows.ends_with("1000 19;1000 20;"));
  EXPECT_EQ((*pending->outcome)->affected_rows, 20'000);
}

TEST_P(Session, RunsSeveralStatementsAtOnce) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto question = statement("SELECT ? + 1");
  ASSERT_EQ(rows_of(*connection, question, {Value::of_int64(1)}), "2;");
  std::vector<std::unique_ptr<Pending>> answers;
  for (std::int64_t number = 0; number < 50; ++number) {
    answers.push_back(number == 25 ? send(*connection, statement("SELECT nonsense"))
                                   : send(*connection, question, {Value::of_int64(number)}));
  }
  for (std::size_t index = 0; index < answers.size(); ++index) {
    const std::string code = await(*answers[index]);
    EXPECT_EQ(code, index == 25 ? "statement" : "ok");
    EXPECT_EQ(answers[index]->sink.rows, index == 25 ? "" : std::to_string(index + 1) + ";");
  }
  EXPECT_TRUE(connection->is_ready());
}

TEST_P(Session, KnowsWhereATransactionBeginsAndEnds) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  ASSERT_EQ(await(*send(*connection, command("START TRANSACTION"))), "ok");
  EXPECT_TRUE(connection->is_in_transaction());
  EXPECT_FALSE(connection->is_ready());
  EXPECT_EQ(await(*send(*connection, statement("SELECT nonsense"))), "statement");
  EXPECT_TRUE(connection->is_in_transaction()) << "an error ends no transaction here";
  ASSERT_EQ(await(*send(*connection, command("COMMIT"))), "ok");
  EXPECT_FALSE(connection->is_in_transaction());
  EXPECT_TRUE(connection->is_ready());
}

TEST_P(Session, CountsTheRowsThatMatched) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  ASSERT_EQ(
      await(*send(*connection, command("CREATE TEMPORARY TABLE t (a INT PRIMARY KEY, b INT NOT NULL)"))),
      "ok");
  ASSERT_EQ(await(*send(*connection, command("INSERT INTO t VALUES (1, 1), (2, 2)"))), "ok");
  const auto update = send(*connection, command("UPDATE t SET b = 1"));
  ASSERT_EQ(await(*update), "ok");
  EXPECT_EQ((*update->outcome)->affected_rows, 2) << "also the one that was 1 already";
  EXPECT_EQ(await(*send(*connection, command("INSERT INTO t VALUES (1, 1)"))), "unique_violation");
  EXPECT_EQ(await(*send(*connection, command("INSERT INTO t VALUES (3, NULL)"))), "not_null_violation");
  EXPECT_EQ(await(*send(*connection, command("INSERT INTO t VALUES (4, 3000000000)"))), "data")
      << "nothing is cut";
}

TEST_P(Session, IsStoppedByItsCaller) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto slow = send(*connection, statement(kEndless));
  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kCancel);
  connection->flush();
  bool is_under_way = false;
  const auto timer =
      loop_->start_timer(clock_.now() + std::chrono::milliseconds(100), [&] { is_under_way = true; });
  ASSERT_TRUE(run_until([&] { return is_under_way; }));
  connection->cancel(span, Deadline::after(clock_, std::chrono::seconds(2)));
  EXPECT_EQ(await(*slow), "cancelled");
  EXPECT_TRUE(run_until([&] { return connection->is_ready(); }));
  EXPECT_EQ(rows_of(*connection, statement("SELECT 1")), "1;") << "the stop met its statement alone";
}

TEST_P(Session, EndsWhatTakesTooLong) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto slow =
      send(*connection, statement(kEndless), {}, Deadline::after(clock_, std::chrono::milliseconds(100)));
  EXPECT_EQ(await(*slow), "deadline_exceeded");
}

TEST_P(Session, IsAsNewAfterAReset) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto question = statement("SELECT @x");
  ASSERT_EQ(await(*send(*connection, command("SET @x = 5"))), "ok");
  ASSERT_EQ(rows_of(*connection, question), "5;");
  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kReset);
  std::optional<Answer> answer;
  connection->reset(span, Deadline::after(clock_, std::chrono::seconds(2)),
                    [&](Answer given) { answer = std::move(given); });
  ASSERT_TRUE(run_until([&] { return answer.has_value(); }));
  EXPECT_TRUE(answer->has_value());
  EXPECT_EQ(rows_of(*connection, question), "null;");
  EXPECT_EQ(rows_of(*connection, statement("SELECT @@session.time_zone")), "'+00:00';");
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, Session,
                         ::testing::Values("BRIDGE_MARIADB", "BRIDGE_MARIADB1011", "BRIDGE_MYSQL"),
                         [](const auto& server) { return server.param; });

}  // namespace
}  // namespace bridge::mysql::testing
