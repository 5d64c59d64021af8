// Sessions with the real server: statements in flight together, errors, healing, bulk loads, cancelling.
#include "engine/base/limits.h"
#include "engine/databases/postgres/testing/session_fixture.h"

namespace bridge::postgres::testing {
namespace {

using types::StorageType;
using types::Value;

class Session : public SessionFixture {
 protected:
  void SetUp() override {
    SessionFixture::SetUp();
    if (IsSkipped()) return;
    connection_ = open_or_fail(server_url());
    ASSERT_NE(connection_, nullptr);
  }
  void TearDown() override {
    connection_.reset();
    LoopFixture::TearDown();
  }
  std::string run(const std::string& text) { return rows_of(*connection_, command(text)); }

  std::unique_ptr<driver::Connection> connection_;
};

TEST_F(Session, RunsAndCounts) {
  EXPECT_EQ(run("create temp table t (id int primary key, name text)"), "");
  const auto insert = command("insert into t values ($1, $2)");
  const auto pending = send(*connection_, insert, {Value::of_int64(1), Value::of_text("one")});
  EXPECT_EQ(await(*pending), "ok");
  EXPECT_EQ(pending->outcome->value().affected_rows, 1);
  EXPECT_EQ(rows_of(*connection_, statement("select id, name from t"), {}), "1 'one';");
  EXPECT_TRUE(connection_->has_prepared(*insert));
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, ReadsAndWritesEveryType) {
  struct Case {
    const char* type;
    Value value;
    const char* spelled;
  };
  const types::UuidBytes uuid{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  const Case cases[] = {
      {"bool", Value::of_bool(true), "true"},
      {"int2", Value::of_int64(-32768), "-32768"},
      {"int4", Value::of_int64(2147483647), "2147483647"},
      {"int8", Value::of_int64(INT64_MIN), "-9223372036854775808"},
      {"float4", Value::of_real(1.5), "r1.500000"},
      {"float8", Value::of_real(-0.25), "r-0.250000"},
      {"numeric", Value::of_text(StorageType::kDecimal, "-12340.00560"), "d-12340.00560"},
      {"numeric", Value::of_text(StorageType::kDecimal, "0.00001"), "d0.00001"},
      {"numeric", Value::of_text(StorageType::kDecimal, "100000000"), "d100000000"},
      {"numeric", Value::of_int64(0), "d0"},
      {"text", Value::of_text("gr\xC3\xBC\xC3\x9F"), "'gr\xC3\xBC\xC3\x9F'"},
      {"varchar(3)", Value::of_text("abc"), "'abc'"},
      {"name", Value::of_text("abc"), "'abc'"},
      {"bytea", Value::of_text(StorageType::kBytes, "\x01\xFF"), "b\x01\xFF"},
      {"date", Value::of_integer(StorageType::kDate, -719162), "date-719162"},
      {"date", Value::of_integer(StorageType::kDate, 2932896), "date2932896"},
      {"time", Value::of_integer(StorageType::kTime, 86399999999), "time86399999999"},
      {"timestamp", Value::of_integer(StorageType::kTimestamp, -1), "ts-1"},
      {"timestamptz", Value::of_integer(StorageType::kTimestampUtc, 1700000000000001), "utc1700000000000001"},
      {"interval", Value::of_interval({14, -3, 5}), "i14/-3/5"},
      {"uuid", Value::of_uuid(uuid), "uuid1.16"},
      {"json", Value::of_text(StorageType::kJson, "{\"a\": 1}"), "json{\"a\": 1}"},
      {"jsonb", Value::of_text(StorageType::kJson, "{\"a\":1}"), "json{\"a\": 1}"},
      {"inet", Value::of_text(StorageType::kInet, "192.0.2.1/24"), "inet192.0.2.1/24"},
      {"inet", Value::of_text(StorageType::kInet, "2001:db8::1"), "inet2001:db8::1"},
      {"cidr", Value::of_text(StorageType::kInet, "10.0.0.0/8"), "inet10.0.0.0/8"},
      {"int4[]", Value::of_array(StorageType::kInt32, {Value::of_int64(1), Value::null(StorageType::kInt32)}),
       "[2 1 null ]"},
      {"text[]", Value::of_array(StorageType::kText, {Value::of_text("a,\"b")}), "[1 'a,\"b' ]"},
      {"uuid[]", Value::of_array(StorageType::kUuid, {}), "[0 ]"},
      {"numeric[]", Value::of_array(StorageType::kDecimal, {Value::of_text(StorageType::kDecimal, "1.50")}),
       "[1 d1.50 ]"},
      {"jsonb[]", Value::of_array(StorageType::kJson, {Value::of_text(StorageType::kJson, "[]")}),
       "[1 json[] ]"},
  };
  for (const Case& one : cases) {
    const std::string type = one.type;
    // What was sent must also be what the server understands: compared with its own text form where that is
    // unambiguous.
    EXPECT_EQ(rows_of(*connection_, statement("select $1::" + type), {one.value}),
              std::string(one.spelled) + ";")
        << type;
    EXPECT_EQ(rows_of(*connection_, statement("select $1::" + type), {Value::null(one.value.type)}), "null;")
        << type;
  }
  EXPECT_EQ(
      rows_of(*connection_,
              statement("select $1::numeric::text, $2::timestamp::text, $3::interval::text, $4::inet::text"),
              {Value::of_text(StorageType::kDecimal, "-12340.00560"),
               Value::of_integer(StorageType::kTimestamp, 1), Value::of_interval({14, -3, 5'000'000}),
               Value::of_text(StorageType::kInet, "::ffff:1.2.3.4")}),
      "'-12340.00560' '1970-01-01 00:00:00.000001' '1 year 2 mons -3 days +00:00:05' '::ffff:1.2.3.4/128';");
}

TEST_F(Session, RefusesWhatWouldLoseSomething) {
  const auto decode = [&](const std::string& text, StorageType type) {
    return rows_of(*connection_, statement(text, {type})).substr(0, 6);
  };
  EXPECT_EQ(decode("select 1::int8", StorageType::kInt32), "decode");
  EXPECT_EQ(decode("select 'x'::text", StorageType::kInt64), "decode");
  EXPECT_EQ(decode("select 1.5::numeric", StorageType::kFloat64), "decode");
  EXPECT_EQ(decode("select 'NaN'::numeric", StorageType::kDecimal), "decode");
  EXPECT_EQ(decode("select 1::int4", StorageType::kInt64), "1;");
  EXPECT_EQ(decode("select 'infinity'::date", StorageType::kDate), "decode");
  EXPECT_EQ(decode("select '-infinity'::timestamp", StorageType::kTimestamp), "decode");
  EXPECT_EQ(decode("select '0001-01-01 BC'::date", StorageType::kDate), "decode");
  EXPECT_EQ(decode("select '24:00'::time", StorageType::kTime), "decode");
  EXPECT_EQ(decode("select '{{1}}'::int4[]", StorageType::kArray), "decode");
  EXPECT_EQ(decode("select point(1,2)", StorageType::kText), "decode");
  EXPECT_EQ(rows_of(*connection_, statement("select 1, 2", {StorageType::kInt32})).substr(0, 6), "decode");
  EXPECT_EQ(rows_of(*connection_, statement("select $1::int2"), {Value::of_int64(40000)}).substr(0, 4),
            "data");
  EXPECT_EQ(rows_of(*connection_, statement("select $1::int4"), {Value::of_text("1")}).substr(0, 4), "data");
  EXPECT_EQ(rows_of(*connection_, statement("select $1::int4"), {}).substr(0, 9), "statement");
  EXPECT_EQ(rows_of(*connection_, statement("select 1"), {Value::of_int64(1)}).substr(0, 5), "query");
  EXPECT_EQ(rows_of(*connection_, statement("select 1")), "1;");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, AWriteWhoseResultDoesNotFitIsNotRun) {
  run("create temp table t (id int8)");
  auto insert = statement("insert into t values ($1) returning id", {StorageType::kInt32});
  insert->is_read_only = false;
  EXPECT_EQ(rows_of(*connection_, insert, {Value::of_int64(1)}).substr(0, 6), "decode");
  EXPECT_EQ(rows_of(*connection_, statement("select count(*) from t")), "0;");
}

TEST_F(Session, RunsManyStatementsInOrder) {
  const auto select = statement("select $1::int8");
  std::vector<std::unique_ptr<Pending>> all;
  for (int index = 0; index < 500; ++index) {
    all.push_back(send(*connection_, select, {Value::of_int64(index)}, {}, index % 2 == 0));
  }
  EXPECT_EQ(connection_->in_flight(), 500U);
  for (int index = 0; index < 500; ++index) {
    ASSERT_EQ(await(*all[static_cast<std::size_t>(index)]), "ok");
    ASSERT_EQ(all[static_cast<std::size_t>(index)]->sink.rows, std::to_string(index) + ";");
  }
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, AnErrorUnderASharedSyncTouchesNobodyElse) {
  const auto select = statement("select 10 / $1::int4");
  EXPECT_EQ(rows_of(*connection_, select, {Value::of_int64(1)}), "10;");
  std::vector<std::unique_ptr<Pending>> all;
  for (const int divisor : {1, 2, 0, 5, 10, 0, 1})
    all.push_back(send(*connection_, select, {Value::of_int64(divisor)}, {}, true));
  const char* const expected[] = {"10;", "5;", "data", "2;", "1;", "data", "10;"};
  for (std::size_t index = 0; index < all.size(); ++index) {
    const std::string code = await(*all[index]);
    EXPECT_EQ(code == "ok" ? all[index]->sink.rows : code, expected[index]) << index;
  }
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, ReportsServerErrorsWithTheirFields) {
  run("create temp table parent (id int primary key)");
  run("create temp table child (id int constraint positive check (id > 0), parent int not null references "
      "parent deferrable initially deferred)");
  run("insert into parent values (1)");
  const auto code = [&](const std::string& text) {
    const auto pending = send(*connection_, command(text));
    return await(*pending);
  };
  EXPECT_EQ(code("insert into parent values (1)"), "unique_violation");
  EXPECT_EQ(code("insert into child values (0, 1)"), "check_violation");
  EXPECT_EQ(code("insert into child values (1, null)"), "not_null_violation");
  EXPECT_EQ(code("insert into child values (1, 9)"),
            "foreign_key_violation");  // deferred: reported by the commit
  EXPECT_EQ(code("selec"), "statement");
  EXPECT_EQ(code("select 1/0"), "data");
  EXPECT_EQ(code("select 'x'::int4"), "data");
  const auto pending = send(*connection_, command("insert into parent values (1)"));
  await(*pending);
  EXPECT_EQ(pending->outcome->error().server().sqlstate, "23505");
  EXPECT_EQ(pending->outcome->error().server().constraint, "parent_pkey");
  EXPECT_EQ(pending->outcome->error().server().table, "parent");
  EXPECT_EQ(pending->outcome->error().sent(), Sent::kYes);
  EXPECT_EQ(rows_of(*connection_, statement("select count(*) from child")), "0;");
}

TEST_F(Session, FollowsTransactions) {
  run("begin");
  EXPECT_TRUE(connection_->is_in_transaction());
  EXPECT_FALSE(connection_->is_ready());
  EXPECT_EQ(run("select 1/0").substr(0, 4), "data");
  EXPECT_EQ(run("select 1").substr(0, 9), "statement");
  run("rollback");
  EXPECT_FALSE(connection_->is_in_transaction());
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, HealsAfterDdlOutsideTransactions) {
  run("create temp table t (id int)");
  run("insert into t values (1)");
  const auto all = statement("select * from t");
  EXPECT_EQ(rows_of(*connection_, all), "1;");
  run("alter table t add column more text default 'x'");
  EXPECT_EQ(rows_of(*connection_, all), "1 'x';");
  run("begin");
  EXPECT_EQ(rows_of(*connection_, all), "1 'x';");
  run("alter table t drop column more");
  EXPECT_EQ(rows_of(*connection_, all).substr(0, 21), "statement_cache_stale");
  run("rollback");
  EXPECT_EQ(rows_of(*connection_, all), "1 'x';");
  run("deallocate all");
  EXPECT_EQ(rows_of(*connection_, all), "1 'x';");
}

TEST_F(Session, KeepsOnlySoManyStatements) {
  std::vector<std::shared_ptr<sql::CompiledStatement>> all;
  for (std::size_t index = 0; index < kPreparedCacheSize + 10; ++index) {
    all.push_back(statement("select " + std::to_string(index)));
    ASSERT_EQ(rows_of(*connection_, all.back()), std::to_string(index) + ";");
  }
  EXPECT_FALSE(connection_->has_prepared(*all.front()));
  EXPECT_TRUE(connection_->has_prepared(*all.back()));
  EXPECT_EQ(rows_of(*connection_, statement("select count(*) <= 257 from pg_prepared_statements")), "true;");
  EXPECT_EQ(rows_of(*connection_, all.front()), "0;");
}

TEST_F(Session, ReadsLargeResultsInBatches) {
  const auto pending =
      send(*connection_, statement("select i, repeat('x', 100) from generate_series(1, 50000) i"));
  EXPECT_EQ(await(*pending), "ok");
  EXPECT_EQ(pending->sink.row_count, 50'000U);
  EXPECT_GT(pending->sink.batches, 40U);
  EXPECT_EQ(pending->outcome->value().affected_rows, 50'000);
  EXPECT_EQ(rows_of(*connection_, statement("select length($1::text)"),
                    {Value::of_text(std::string(3'000'000, 'y'))}),
            "3000000;");
  const auto wide = send(*connection_, statement("select repeat('z', 5000000)"));
  EXPECT_EQ(await(*wide), "ok");
  EXPECT_EQ(wide->sink.rows.size(), 5'000'003U);
}

TEST_F(Session, DrainsWhatASinkRefused) {
  const auto pending = send(*connection_, statement("select generate_series(1, 20000)"));
  pending->sink.refusal = make_error(ErrorCode::kMultipleRowsFound, "enough");
  EXPECT_EQ(await(*pending), "multiple_rows_found");
  EXPECT_EQ(pending->sink.batches, 1U);
  EXPECT_TRUE(connection_->is_ready());
}

class CountingSource final : public driver::RowSource {
 public:
  explicit CountingSource(std::int64_t count) : count_(count) {}
  std::int64_t fail_at = -1;
  Result<bool> next(std::vector<Value>& row) override {
    if (next_ == fail_at) return make_error(ErrorCode::kValidation, "a bad row");
    if (next_ == count_) return false;
    row.resize(2);
    row[0] = Value::of_int64(next_);
    row[1] =
        next_ % 3 == 0 ? Value::null(StorageType::kText) : Value::of_text("row " + std::to_string(next_));
    ++next_;
    return true;
  }

 private:
  std::int64_t count_;
  std::int64_t next_ = 0;
};

class Copy : public Session {
 protected:
  std::string load(CountingSource& source) {
    auto compiled = command("");
    compiled->bulk_text = "\"t\" (\"id\", \"name\")";
    Pending pending(tracer_.start(telemetry::Operation::kBulkInsert));
    driver::Request request;
    request.statement = compiled;
    request.on_done = [&](Answer outcome) { pending.outcome = std::move(outcome); };
    connection_->copy_rows(pending.span, std::move(request), source);
    const std::string code = await(pending);
    return code == "ok" ? std::to_string(pending.outcome->value().affected_rows) : code;
  }
};

TEST_F(Copy, LoadsRowsIntoColumnsOfTheirOwnTypes) {
  run("create temp table t (id int2, name varchar(20))");
  CountingSource none(0);
  EXPECT_EQ(load(none), "0");
  CountingSource some(30'000);
  EXPECT_EQ(load(some), "30000");
  EXPECT_EQ(rows_of(*connection_, statement("select count(*), count(name), max(id) from t")),
            "30000 20000 29999;");
  CountingSource many(40'000);
  EXPECT_EQ(load(many), "data");  // beyond int2: refused here, before it leaves
  EXPECT_EQ(rows_of(*connection_, statement("select count(*) from t")), "30000;");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Copy, FailsAsAWhole) {
  run("create temp table t (id int8 check (id <> 150000), name text)");
  CountingSource refused(300'000);
  EXPECT_EQ(load(refused), "check_violation");
  CountingSource bad(300'000);
  bad.fail_at = 200'000;
  run("alter table t drop constraint t_id_check");
  EXPECT_EQ(load(bad), "validation");
  EXPECT_EQ(rows_of(*connection_, statement("select count(*) from t")), "0;");
  CountingSource good(300'000);
  EXPECT_EQ(load(good), "300000");
  EXPECT_TRUE(connection_->is_ready());
}

TEST_F(Session, CancelsAndTellsWhoAsked) {
  const auto sleep = statement("select pg_sleep(30)");
  const auto cancelled = send(*connection_, sleep);
  bool has_begun = false;
  const auto timer =
      loop_->start_timer(clock_.now() + std::chrono::milliseconds(50), [&] { has_begun = true; });
  ASSERT_TRUE(run_until([&] { return has_begun; }));
  EXPECT_FALSE(cancelled->outcome.has_value());
  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kCancel);
  connection_->cancel(span, Deadline::after(clock_, std::chrono::seconds(2)));
  span.succeed();
  EXPECT_EQ(await(*cancelled), "cancelled");
  EXPECT_EQ(rows_of(*connection_, statement("select 1")), "1;");

  const auto late = send(*connection_, sleep, {}, Deadline::after(clock_, std::chrono::milliseconds(50)));
  EXPECT_EQ(await(*late), "deadline_exceeded");
  run("set statement_timeout = 50");
  const auto limited = send(*connection_, sleep);
  EXPECT_EQ(await(*limited), "deadline_exceeded");
  run("set statement_timeout = 0");
  EXPECT_EQ(rows_of(*connection_, statement("select 2")), "2;");
}

TEST_F(Session, OneLateRequestAmongOthersIsReleasedAndDrained) {
  const auto sleep = statement("select pg_sleep($1)");
  EXPECT_EQ(rows_of(*connection_, sleep, {Value::of_real(0)}), "'';");
  const auto first = send(*connection_, sleep, {Value::of_real(0.3)});
  const auto late = send(*connection_, sleep, {Value::of_real(0.1)},
                         Deadline::after(clock_, std::chrono::milliseconds(50)));
  const auto last = send(*connection_, sleep, {Value::of_real(0)});
  EXPECT_EQ(await(*late), "deadline_exceeded");
  EXPECT_FALSE(first->outcome.has_value());
  EXPECT_EQ(await(*last), "ok");
  EXPECT_EQ(await(*first), "ok");
  EXPECT_EQ(late->sink.rows, "");
  EXPECT_TRUE(run_until([&] { return connection_->is_ready(); }));
}

TEST_F(Session, EveryRequestIsAnsweredWhenTheServerGoes) {
  const auto victim = send(*connection_, statement("select pg_backend_pid()"));
  ASSERT_EQ(await(*victim), "ok");
  std::string pid = victim->sink.rows;
  pid.pop_back();
  const auto running = send(*connection_, statement("select pg_sleep(30)"));
  const auto behind = send(*connection_, statement("select 1"));
  auto killer = open_or_fail(server_url());
  ASSERT_NE(killer, nullptr);
  EXPECT_EQ(rows_of(*killer, statement("select pg_terminate_backend(" + pid + ")")), "true;");
  EXPECT_EQ(await(*running), "connection_lost");
  EXPECT_EQ(running->outcome->error().server().sqlstate, "57P01");
  EXPECT_EQ(running->outcome->error().sent(), Sent::kYes);
  EXPECT_EQ(await(*behind), "connection_lost");
  EXPECT_FALSE(connection_->is_usable());
  const auto after = send(*connection_, statement("select 1"));
  EXPECT_EQ(await(*after), "connection_lost");
  EXPECT_EQ(after->outcome->error().sent(), Sent::kNo);
}

TEST_F(Session, NoticesAnIdleDeath) {
  const auto victim = send(*connection_, statement("select pg_backend_pid()"));
  ASSERT_EQ(await(*victim), "ok");
  std::string pid = victim->sink.rows;
  pid.pop_back();
  EXPECT_TRUE(connection_->is_quiet());
  auto killer = open_or_fail(server_url());
  EXPECT_EQ(rows_of(*killer, statement("select pg_terminate_backend(" + pid + ")")), "true;");
  EXPECT_TRUE(run_until([&] { return !connection_->is_usable(); }));
}

TEST_F(Session, AnswersThoseStillWaitingWhenItIsDestroyed) {
  const auto pending = send(*connection_, statement("select pg_sleep(30)"));
  connection_->flush();
  connection_.reset();
  EXPECT_EQ(await(*pending), "connection_lost");
}

TEST_F(Session, PingsAndResets) {
  const auto done = [&](auto start) {
    telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kPing);
    std::optional<Answer> outcome;
    start(span, [&](Answer answer) { outcome = std::move(answer); });
    EXPECT_TRUE(run_until([&] { return outcome.has_value(); }));
    return outcome && outcome->has_value();
  };
  EXPECT_TRUE(done([&](auto& span, auto on_done) { connection_->ping(span, {}, on_done); }));
  auto set = command("set application_name = 'other'");
  set->dirties_session = true;
  EXPECT_EQ(rows_of(*connection_, set), "");
  EXPECT_TRUE(connection_->is_dirty());
  run("begin");
  EXPECT_TRUE(done([&](auto& span, auto on_done) { connection_->reset(span, {}, on_done); }));
  EXPECT_FALSE(connection_->is_dirty());
  EXPECT_EQ(rows_of(*connection_, statement("show application_name")), "'bridgeorm';");
  EXPECT_TRUE(connection_->is_ready());
}

}  // namespace
}  // namespace bridge::postgres::testing
