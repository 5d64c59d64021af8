// The test double keeps its own promises: order, chunks, failures, readiness in later turns.
#include "engine/net/testing/scripted_transport.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::net::testing {
namespace {

class ScriptedTransportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = EventLoop::make();
    ASSERT_TRUE(made);
    loop_ = std::move(*made);
    factory_ = std::make_unique<ScriptedTransportFactory>(*loop_);
  }
  Result<std::unique_ptr<Transport>> connect() {
    telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
    std::optional<Result<std::unique_ptr<Transport>>> answer;
    factory_->connect(span, {.host = "db", .port = 1, .unix_path = {}}, Deadline::never(),
                      [&](auto result) { answer = std::move(result); });
    EXPECT_FALSE(answer.has_value());
    loop_->run_ready();
    span.succeed();
    return std::move(*answer);
  }
  static std::string read(Transport& transport) {
    std::array<std::byte, 64> buffer{};
    auto size = transport.read_some(buffer);
    return size ? std::string(to_text(ByteSpan(buffer).subspan(0, *size)))
                : "error " + std::string(to_name(size.error().code()));
  }

  SteadyClock clock_;
  telemetry::testing::RecordingSink sink_;
  telemetry::Tracer tracer_{clock_, sink_, "plain", "test"};
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<ScriptedTransportFactory> factory_;
};

TEST_F(ScriptedTransportTest, RepliesFollowExpectationsHoweverFarAheadTheClientWrites) {
  const auto conversation = factory_->add(Script().expect("one").deliver("1").expect("two").deliver("2"));
  auto transport = connect();
  ASSERT_TRUE(transport);
  EXPECT_TRUE((*transport)->is_quiet());
  EXPECT_EQ(read(**transport), "");
  ASSERT_TRUE((*transport)->write_some(to_bytes("onetw")));
  EXPECT_FALSE((*transport)->is_quiet());
  EXPECT_EQ(read(**transport), "1");
  ASSERT_TRUE((*transport)->write_some(to_bytes("o")));
  EXPECT_FALSE(conversation->is_complete());
  EXPECT_EQ(read(**transport), "2");
  EXPECT_TRUE(conversation->is_complete()) << conversation->failure();
}

TEST_F(ScriptedTransportTest, WrongBytesAreNamedAndFailTheStream) {
  const auto conversation = factory_->add(Script().expect("abc").deliver("1"));
  auto transport = connect();
  ASSERT_TRUE(transport);
  ASSERT_TRUE((*transport)->write_some(to_bytes("abx")));
  EXPECT_EQ(read(**transport), "error connection_lost");
  EXPECT_NE(conversation->failure().find("3 exact bytes"), std::string::npos);
}

TEST_F(ScriptedTransportTest, ChunksAndEndOfStream) {
  factory_->add(Script().in_chunks(2, 1).expect("ab").deliver("xyz").end_of_stream());
  auto transport = connect();
  ASSERT_TRUE(transport);
  EXPECT_EQ(*(*transport)->write_some(to_bytes("ab")), 1U);
  EXPECT_EQ(*(*transport)->write_some(to_bytes("b")), 1U);
  EXPECT_EQ(read(**transport), "xy");
  EXPECT_EQ(read(**transport), "z");
  EXPECT_EQ(read(**transport), "error connection_lost");
}

TEST_F(ScriptedTransportTest, ReadinessComesInLaterTurnsWhileTheInterestHolds) {
  const auto conversation = factory_->add(Script().expect("q").deliver("abcd").in_chunks(2, 9));
  auto transport = connect();
  ASSERT_TRUE(transport);
  std::string received;
  ASSERT_TRUE((*transport)->watch({.readable = true}, [&] { received += read(**transport); }));
  ASSERT_TRUE((*transport)->write_some(to_bytes("q")));
  EXPECT_EQ(received, "");
  loop_->run_ready();
  EXPECT_EQ(received, "abcd");
  conversation->extend(Script().deliver("e"));
  loop_->run_ready();
  EXPECT_EQ(received, "abcde");
}

TEST_F(ScriptedTransportTest, CallbackMayDestroyTheTransport) {
  factory_->add(Script().deliver("x"));
  auto transport = connect();
  ASSERT_TRUE(transport);
  ASSERT_TRUE((*transport)->watch({.readable = true}, [&] { transport->reset(); }));
  loop_->run_ready();
  EXPECT_EQ(*transport, nullptr);
}

TEST_F(ScriptedTransportTest, RefusalsAndMissingScriptsFailTheConnect) {
  factory_->refuse(make_error(ErrorCode::kConnectFailed, "refused by script"));
  EXPECT_EQ(connect().error().message(), "refused by script");
  EXPECT_EQ(connect().error().code(), ErrorCode::kConnectFailed);
  EXPECT_EQ(factory_->addresses().size(), 2U);
}

TEST_F(ScriptedTransportTest, TlsEncryptsTheSameConversation) {
  const auto conversation =
      factory_->add(Script().expect("S").deliver("S").expect("secret").with_tls({std::byte{7}}));
  auto transport = connect();
  ASSERT_TRUE(transport);
  ASSERT_TRUE((*transport)->write_some(to_bytes("S")));
  EXPECT_EQ(read(**transport), "S");
  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
  std::unique_ptr<Transport> encrypted;
  factory_->start_tls(span, std::move(*transport), {.mode = TlsMode::kRequire}, Deadline::never(),
                      [&](auto result) {
                        ASSERT_TRUE(result);
                        encrypted = std::move(*result);
                      });
  loop_->run_ready();
  span.succeed();
  ASSERT_NE(encrypted, nullptr);
  EXPECT_TRUE(encrypted->is_encrypted());
  EXPECT_EQ(encrypted->channel_binding().size(), 1U);
  ASSERT_TRUE(encrypted->write_some(to_bytes("secret")));
  EXPECT_TRUE(conversation->is_complete()) << conversation->failure();
}

}  // namespace
}  // namespace bridge::net::testing
