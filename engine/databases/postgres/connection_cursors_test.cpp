// Cursors with the real server: batches, what runs between them, and every way in which they end.
#include "engine/databases/postgres/testing/session_fixture.h"

namespace bridge::postgres::testing {
namespace {

using types::Value;

class CursorSession : public SessionFixture {
 protected:
  void SetUp() override {
    SessionFixture::SetUp();
    if (IsSkipped()) return;
    connection_ = open_or_fail(server_url());
    ASSERT_NE(connection_, nullptr);
    numbers_ = statement("select n from generate_series(1, $1::int8) n", {types::StorageType::kInt64});
  }
  void TearDown() override {
    connection_.reset();
    LoopFixture::TearDown();
  }

  std::unique_ptr<Pending> fetch(driver::CursorFetch wanted, std::int64_t last,
                                 std::shared_ptr<const sql::CompiledStatement> compiled = nullptr) {
    auto pending = std::make_unique<Pending>(tracer_.start(telemetry::Operation::kSelect));
    driver::Request request;
    request.statement = compiled == nullptr ? numbers_ : std::move(compiled);
    request.parameters = {Value::of_int64(last)};
    request.sink = &pending->sink;
    request.on_done = [raw = pending.get()](Answer outcome) { raw->outcome = std::move(outcome); };
    connection_->cursors()->fetch(pending->span, std::move(request), wanted);
    return pending;
  }
  /// A batch's rows, with `+` behind them while there may be more; or the error's name.
  std::string batch(std::uint64_t cursor, std::size_t rows, bool is_opening, std::int64_t last = 5) {
    const auto pending = fetch({cursor, rows, is_opening}, last);
    const std::string code = await(*pending);
    if (code != "ok") return code;
    EXPECT_EQ(pending->outcome->value().affected_rows, static_cast<std::int64_t>(pending->sink.row_count));
    return pending->sink.rows + (pending->outcome->value().has_more ? "+" : "");
  }
  std::string close(std::uint64_t cursor) {
    Pending pending(tracer_.start(telemetry::Operation::kSelect));
    connection_->cursors()->close_cursor(pending.span, cursor, Deadline::never(), [&pending](Answer outcome) {
      pending.outcome = std::move(outcome);
    });
    return await(pending);
  }
  std::string open_cursors() {
    return rows_of(*connection_, statement("select count(*) from pg_cursors where name like 'bridge%'"));
  }
  std::string run(const std::string& text) { return rows_of(*connection_, command(text)); }

  std::unique_ptr<driver::Connection> connection_;
  std::shared_ptr<const sql::CompiledStatement> numbers_;
};

TEST_F(CursorSession, GivesABatchAtATime) {
  EXPECT_EQ(batch(1, 2, true), "1;2;+");
  EXPECT_FALSE(connection_->is_ready()) << "a cursor rests on it";
  EXPECT_EQ(connection_->in_flight(), 0U);
  EXPECT_EQ(batch(1, 2, false), "3;4;+");
  EXPECT_EQ(batch(1, 2, false), "5;");
  EXPECT_TRUE(connection_->is_ready());
  EXPECT_EQ(batch(1, 2, false), "query") << "it is closed";
  EXPECT_EQ(batch(2, 5, true), "1;2;3;4;5;+") << "whether more follow is not known yet";
  EXPECT_EQ(batch(2, 5, false), "");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(CursorSession, IsClosedBeforeItsEnd) {
  EXPECT_EQ(batch(1, 2, true), "1;2;+");
  EXPECT_EQ(close(1), "ok");
  EXPECT_TRUE(connection_->is_ready());
  EXPECT_EQ(close(1), "ok") << "harmless";
  EXPECT_EQ(rows_of(*connection_, statement("select 7")), "7;");
}

TEST_F(CursorSession, RestsBetweenTheStatementsOfATransaction) {
  EXPECT_EQ(run("begin"), "");
  EXPECT_EQ(batch(1, 2, true), "1;2;+");
  EXPECT_EQ(batch(2, 3, true), "1;2;3;+");
  EXPECT_EQ(rows_of(*connection_, statement("select 7")), "7;");
  EXPECT_EQ(batch(1, 9, false), "3;4;5;");
  EXPECT_EQ(batch(2, 1, false), "4;+");
  EXPECT_EQ(close(2), "ok");
  EXPECT_EQ(open_cursors(), "0;") << "nothing is left open";
  EXPECT_EQ(run("commit"), "");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(CursorSession, EndsWithItsTransaction) {
  EXPECT_EQ(run("begin"), "");
  EXPECT_EQ(batch(1, 2, true), "1;2;+");
  EXPECT_EQ(run("rollback"), "");
  EXPECT_EQ(batch(1, 2, false), "query");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(CursorSession, AnErrorInALaterBatchClosesIt) {
  const auto failing = statement("select 6 / (4 - n) from generate_series(1, $1::int8) n");
  const auto first = fetch({1, 2, true}, 9, failing);
  EXPECT_EQ(await(*first), "ok");
  EXPECT_EQ(first->sink.rows, "2;3;");
  const auto second = fetch({1, 2, false}, 9, failing);
  EXPECT_EQ(await(*second), "data");
  EXPECT_TRUE(connection_->is_ready());
  EXPECT_EQ(batch(2, 9, true), "1;2;3;4;5;");
}

TEST_F(CursorSession, ASinkThatRefusesClosesIt) {
  auto pending = fetch({1, 2, true}, 9);
  pending->sink.refusal = make_error(ErrorCode::kDecode, "refused");
  EXPECT_EQ(await(*pending), "decode");
  EXPECT_TRUE(connection_->is_ready());
  EXPECT_EQ(run("begin"), "");
  pending = fetch({2, 2, true}, 9);
  pending->sink.refusal = make_error(ErrorCode::kDecode, "refused");
  EXPECT_EQ(await(*pending), "decode");
  EXPECT_EQ(open_cursors(), "0;");
  EXPECT_EQ(run("commit"), "");
}

TEST_F(CursorSession, IsStoppedByItsDeadline) {
  const auto slow = statement("select n, pg_sleep(0.05 * n)::text from generate_series(1, $1::int8) n");
  auto pending = std::make_unique<Pending>(tracer_.start(telemetry::Operation::kSelect));
  driver::Request request;
  request.statement = slow;
  request.parameters = {Value::of_int64(1'000)};
  request.sink = &pending->sink;
  request.deadline = Deadline::after(clock_, std::chrono::milliseconds(200));
  request.on_done = [raw = pending.get()](Answer outcome) { raw->outcome = std::move(outcome); };
  connection_->cursors()->fetch(pending->span, std::move(request), {1, 500, true});
  EXPECT_EQ(await(*pending), "deadline_exceeded");
  EXPECT_TRUE(run_until([&] { return connection_->is_ready(); }));
  EXPECT_EQ(batch(2, 9, true), "1;2;3;4;5;");
}

TEST_F(CursorSession, DescribesAndRunsAtOnceWhereNothingIsKept) {
  connection_ = open_or_fail(server_url() + (server_url().find('?') == std::string::npos ? "?" : "&") +
                             "prepared_statements=off");
  ASSERT_NE(connection_, nullptr);
  EXPECT_EQ(batch(1, 2, true), "1;2;+");
  EXPECT_EQ(batch(1, 9, false), "3;4;5;");
  EXPECT_TRUE(connection_->is_ready());
}

}  // namespace
}  // namespace bridge::postgres::testing
