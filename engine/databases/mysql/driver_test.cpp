// What the driver of MySQL answers as long as there is no server to talk to.
#include "engine/databases/mysql/driver.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "engine/databases/mysql/dialect.h"
#include "engine/net/testing/loop_fixture.h"

namespace bridge::mysql {
namespace {

class MysqlDriverTest : public net::testing::LoopFixture {
 protected:
  SeededRandom random_{1};
};

TEST_F(MysqlDriverTest, RefusesToConnectAndSaysWhy) {
  auto url = driver::ConnectionUrl::parse("mysql://user@localhost/database");
  ASSERT_TRUE(url);
  auto driver = make_mysql_driver(std::move(*url), {*loop_, *factory_, clock_, random_, tracer_});
  ASSERT_TRUE(driver);
  EXPECT_EQ(&(*driver)->dialect(), &mysql_dialect());

  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
  std::optional<ErrorCode> refusal;
  (*driver)->connect(span, driver::Driver::Role::kWriter, Deadline::after(clock_, std::chrono::seconds(1)),
                     [&](auto answer) { refusal = answer ? ErrorCode::kInternal : answer.error().code(); });
  EXPECT_FALSE(refusal.has_value()) << "answered inside the call";
  ASSERT_TRUE(run_until([&] { return refusal.has_value(); }));
  EXPECT_EQ(*refusal, ErrorCode::kUnsupportedFeature);
}

}  // namespace
}  // namespace bridge::mysql
