// Bulk loads in statements: how rows are dealt to them, and that they stand or fall together.
#include <algorithm>

#include "engine/execution/testing/executor_fixture.h"

namespace bridge::execution {
namespace {

/// The standard dialect without a bulk path of its own.
class PlainWithoutCopy final : public sql::testing::PlainDialect {
 public:
  PlainWithoutCopy() {
#define BRIDGE_LISTED(enumerator, name)                          \
  if (sql::Capability::enumerator != sql::Capability::kBulkCopy) \
    capabilities_ = capabilities_.with(sql::Capability::enumerator);
    BRIDGE_CAPABILITIES(BRIDGE_LISTED)
#undef BRIDGE_LISTED
  }
  const sql::Capabilities& capabilities() const override { return capabilities_; }

 private:
  sql::Capabilities capabilities_;
};

class CountingSource final : public driver::RowSource {
 public:
  CountingSource(std::int64_t rows, std::int64_t fails_at) : rows_(rows), fails_at_(fails_at) {}
  Result<bool> next(std::vector<types::Value>& row) override {
    if (given == fails_at_) return make_error(ErrorCode::kValidation, "no such row");
    if (given == rows_) return false;
    row.assign(1, types::Value::of_int64(given++));
    return true;
  }
  std::int64_t given = 0;

 private:
  std::int64_t rows_;
  std::int64_t fails_at_;
};

class StatementLoadTest : public testing::ExecutorTest {
 protected:
  StatementLoadTest() {
    engine_.reset();
    EngineParts parts{.redacted_url = "plain://",
                      .tracer = std::make_unique<telemetry::Tracer>(*loop_, sink_, "plain", "plain://"),
                      .driver = std::make_unique<testing::ScriptedDriver>(script_, *loop_, lacking_),
                      .options = {},
                      .environment = {*loop_, *transports_, *loop_, random_, sink_}};
    engine_ = std::make_unique<Executor>(std::move(parts));
  }

  Operation load(std::int64_t rows, testing::Ending& ending, TransactionPtr transaction = nullptr) {
    source_of_rows_ = std::make_shared<CountingSource>(rows, fails_at_);
    return engine_->bulk_insert(BulkCall{.table = table_,
                                         .columns = {0},
                                         .source = source_of_rows_,
                                         .transaction = std::move(transaction),
                                         .deadline = Deadline::never(),
                                         .on_done = ending.recorder()});
  }
  std::size_t count_texts(const std::string& beginning) const {
    return static_cast<std::size_t>(
        std::count_if(script_.texts.begin(), script_.texts.end(),
                      [&](const std::string& text) { return text.starts_with(beginning); }));
  }

  PlainWithoutCopy lacking_;
  std::shared_ptr<CountingSource> source_of_rows_;
  std::int64_t fails_at_ = -1;
};

TEST_F(StatementLoadTest, DealsRowsToStatementsInOneTransaction) {
  testing::Ending ending;
  load(2'500, ending);
  settle();
  EXPECT_TRUE(ending.is_told);
  EXPECT_FALSE(ending.code);
  // four times 512, as many as the dialect takes in powers of two, then 452 as 256, 128, 64 and 4
  EXPECT_EQ(count_texts("INSERT"), 8U);
  EXPECT_EQ(script_.texts.front().substr(0, 5), "START");
  EXPECT_EQ(script_.texts.back(), "COMMIT");
}

TEST_F(StatementLoadTest, ReadsNoFurtherThanItMaySend) {
  script_.holds_requests = true;
  testing::Ending ending;
  const Operation operation = load(1'000'000, ending);
  settle();
  only_connection().answer_next(Outcome{});  // begun
  settle();
  EXPECT_EQ(source_of_rows_->given, 4 * 512);
  only_connection().answer_next(Outcome{});
  settle();
  EXPECT_EQ(source_of_rows_->given, 5 * 512);
}

TEST_F(StatementLoadTest, UndoesAllWhenARowIsWrong) {
  fails_at_ = 1'500;
  testing::Ending ending;
  load(2'000, ending);
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kValidation);
  EXPECT_EQ(script_.texts.back(), "ROLLBACK");
}

TEST_F(StatementLoadTest, KeepsATransactionOfItsCaller) {
  const TransactionPtr transaction = begin();
  testing::Ending good;
  load(3, good, transaction);
  settle();
  EXPECT_TRUE(good.is_told);
  EXPECT_FALSE(good.code);
  EXPECT_EQ(count_texts("SAVEPOINT"), 1U);
  EXPECT_EQ(count_texts("RELEASE"), 1U);
  fails_at_ = 2;
  testing::Ending bad;
  load(3, bad, transaction);
  settle();
  EXPECT_EQ(bad.code, ErrorCode::kValidation);
  EXPECT_EQ(count_texts("ROLLBACK TO"), 1U);
  EXPECT_TRUE(transaction->is_open());
}

TEST_F(StatementLoadTest, RollsBackWhenItsCallerLeaves) {
  script_.holds_requests = true;
  testing::Ending ending;
  Operation operation = load(10'000, ending);
  settle();
  only_connection().answer_next(Outcome{});
  settle();
  operation.cancel();
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kCancelled);
  const std::int64_t given = source_of_rows_->given;
  for (int answer = 0; answer < 4; ++answer) only_connection().answer_next(Outcome{});
  settle();
  EXPECT_EQ(source_of_rows_->given, given);
  EXPECT_EQ(script_.texts.back(), "ROLLBACK");
}

}  // namespace
}  // namespace bridge::execution
