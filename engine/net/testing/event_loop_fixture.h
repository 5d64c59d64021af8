// What every test over a real loop starts from.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "engine/net/event_loop.h"

namespace bridge::net::testing {

/// A loop, and waiting that fails instead of hanging.
class EventLoopFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = EventLoop::make();
    ASSERT_TRUE(made);
    loop_ = std::move(*made);
  }
  void TearDown() override { loop_.reset(); }

  /// Runs the loop until the claim is true; false after five seconds.
  template <typename Predicate>
  bool run_until(Predicate is_done) {
    const Deadline deadline = Deadline::after(*loop_, std::chrono::seconds(5));
    while (!is_done()) {
      if (deadline.has_passed(loop_->now())) return false;
      loop_->run_blocking(deadline);
    }
    return true;
  }

  std::unique_ptr<EventLoop> loop_;
};

}  // namespace bridge::net::testing
