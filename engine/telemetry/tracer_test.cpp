// Spans report exactly once, and as failed until told of success.
#include "engine/telemetry/tracer.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::telemetry {
namespace {

class TracerTest : public ::testing::Test {
 protected:
  ManualClock clock_;
  testing::RecordingSink sink_;
  Tracer tracer_{clock_, sink_, "plain", "server:1/db"};
};

static_assert(!std::is_constructible_v<OperationSpan, const Tracer&, Operation>,
              "only a Tracer makes a span");
static_assert(!std::is_copy_constructible_v<OperationSpan>);

TEST_F(TracerTest, SuccessIsReportedOnceWithItsDuration) {
  {
    OperationSpan span = tracer_.start(Operation::kSelect);
    span.set_statement(std::make_shared<const std::string>("select 1"));
    span.set_rowcount(3);
    clock_.advance(std::chrono::milliseconds(5));
    span.succeed();
    span.fail(make_error(ErrorCode::kInternal, "too late"));
    span.succeed();
  }
  ASSERT_EQ(sink_.spans.size(), 1U);
  EXPECT_EQ(sink_.spans[0].operation, Operation::kSelect);
  EXPECT_EQ(sink_.spans[0].statement, "select 1");
  EXPECT_EQ(sink_.spans[0].rowcount, 3);
  EXPECT_EQ(sink_.spans[0].duration, std::chrono::milliseconds(5));
  EXPECT_FALSE(sink_.spans[0].error.has_value());
}

TEST_F(TracerTest, ForgottenSpanCountsAsFailed) {
  {
    const OperationSpan span = tracer_.start(Operation::kInsert);
  }
  ASSERT_EQ(sink_.spans.size(), 1U);
  EXPECT_EQ(sink_.spans[0].error, ErrorCode::kInternal);
}

TEST_F(TracerTest, FailureCarriesItsError) {
  OperationSpan span = tracer_.start(Operation::kConnect);
  span.fail(make_error(ErrorCode::kConnectFailed, "refused"));
  ASSERT_EQ(sink_.spans.size(), 1U);
  EXPECT_EQ(sink_.spans[0].error, ErrorCode::kConnectFailed);
}

TEST_F(TracerTest, MovedSpanReportsOnce) {
  {
    OperationSpan first = tracer_.start(Operation::kPing);
    OperationSpan second = std::move(first);
    second.succeed();
  }
  ASSERT_EQ(sink_.spans.size(), 1U);
  EXPECT_FALSE(sink_.spans[0].error.has_value());
}

TEST_F(TracerTest, SpanThatOutlivesItsTracerEndsInSilence) {
  auto tracer = std::make_unique<Tracer>(clock_, sink_, "plain", "plain://");
  OperationSpan span = tracer->start(Operation::kConnect);
  tracer.reset();
  span.succeed();
  EXPECT_TRUE(sink_.spans.empty());
}

TEST_F(TracerTest, StatesAreReported) {
  tracer_.note_state("breaker", "closed", "open");
  ASSERT_EQ(sink_.states.size(), 1U);
  EXPECT_EQ(sink_.states[0], (testing::RecordedState{"breaker", "closed", "open"}));
}

TEST(Operation, NamesAreSnakeCaseAndUnique) {
  constexpr std::array kAll{
#define BRIDGE_OPERATION(enumerator, name) Operation::enumerator,
      BRIDGE_OPERATIONS(BRIDGE_OPERATION)
#undef BRIDGE_OPERATION
  };
  std::set<std::string_view> names;
  for (const Operation operation : kAll) {
    EXPECT_TRUE(names.insert(to_name(operation)).second) << to_name(operation);
    EXPECT_EQ(to_name(operation).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace bridge::telemetry
