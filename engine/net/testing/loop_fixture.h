// What tests of transports over a real loop have in common.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

#include "engine/net/testing/event_loop_fixture.h"
#include "engine/net/transport.h"
#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::net::testing {

/// A loop with a tracer and real transports.
class LoopFixture : public EventLoopFixture {
 protected:
  using TransportResult = Result<std::unique_ptr<Transport>>;

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EventLoopFixture::SetUp());
    factory_ = make_transport_factory(*loop_);
  }
  void TearDown() override {
    factory_.reset();
    EventLoopFixture::TearDown();
  }

  TransportResult connect(const Address& address, Duration limit = std::chrono::seconds(5)) {
    telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
    std::optional<TransportResult> answer;
    factory_->connect(span, address, Deadline::after(*loop_, limit),
                      [&](TransportResult result) { answer = std::move(result); });
    EXPECT_FALSE(answer.has_value()) << "answered inside the call";
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    span.succeed();
    return answer ? std::move(*answer) : TransportResult(make_error(ErrorCode::kInternal, "no answer"));
  }

  TransportResult start_tls(std::unique_ptr<Transport> stream, const TlsOptions& options,
                            Duration limit = std::chrono::seconds(5)) {
    telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
    std::optional<TransportResult> answer;
    factory_->start_tls(span, std::move(stream), options, Deadline::after(*loop_, limit),
                        [&](TransportResult result) { answer = std::move(result); });
    EXPECT_FALSE(answer.has_value()) << "answered inside the call";
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    span.succeed();
    return answer ? std::move(*answer) : TransportResult(make_error(ErrorCode::kInternal, "no answer"));
  }

  /// Writes everything, then reads `size` bytes; the code's name where the stream fails.
  std::string exchange(Transport& transport, std::string_view request, std::size_t size) {
    std::string answer;
    std::string trouble;
    ByteSpan rest = to_bytes(request);
    const auto work = [&] {
      if (!rest.empty()) {
        auto written = transport.write_some(rest);
        if (!written)
          trouble = to_name(written.error().code());
        else
          rest = rest.subspan(*written);
      }
      std::string buffer(size - answer.size(), '\0');
      auto read = transport.read_some(std::as_writable_bytes(std::span(buffer)));
      if (!read)
        trouble = to_name(read.error().code());
      else
        answer.append(buffer, 0, *read);
      if (!trouble.empty()) return;
      const Status watched = transport.watch({.readable = true, .writable = !rest.empty()}, [] {});
      if (!watched) trouble = to_name(watched.error().code());
    };
    work();
    const bool is_done = run_until([&] {
      if (trouble.empty() && answer.size() < size) work();
      return !trouble.empty() || (answer.size() == size && rest.empty());
    });
    if (!is_done) return "no answer in time";
    return trouble.empty() ? answer : trouble;
  }

  SteadyClock clock_;
  telemetry::testing::RecordingSink sink_;
  telemetry::Tracer tracer_{clock_, sink_, "plain", "test"};
  std::unique_ptr<TransportFactory> factory_;
};

}  // namespace bridge::net::testing
