// The loop's promises: order of turns, timers, watches, wake-ups, forks.
#include "engine/net/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/net/testing/event_loop_fixture.h"

namespace bridge::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class EventLoopTest : public testing::EventLoopFixture {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EventLoopFixture::SetUp());
    ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets_.data()));
  }
  void TearDown() override {
    EventLoopFixture::TearDown();
    for (const int descriptor : sockets_) close(descriptor);
  }
  bool is_backend_readable(milliseconds wait) const {
    pollfd entry{.fd = loop_->backend_fd(), .events = POLLIN, .revents = 0};
    return poll(&entry, 1, static_cast<int>(wait.count())) == 1;
  }

  std::array<int, 2> sockets_{-1, -1};
};

TEST_F(EventLoopTest, PostsRunInOrderAndNeverInsideTheCall) {
  std::string order;
  loop_->post([&] {
    order += 'a';
    loop_->post([&] { order += 'c'; });
    order += 'b';
  });
  EXPECT_EQ(order, "");
  EXPECT_FALSE(loop_->run_ready().has_value());
  EXPECT_EQ(order, "abc");
}

TEST_F(EventLoopTest, TheEndOfAnEntryRunsItsPostsAndHandsItsWatchesToTheKernel) {
  bool is_read = false;
  bool is_posted = false;
  const auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) { is_read = true; });
  ASSERT_TRUE(watch);
  loop_->post([&] { is_posted = true; });
  EXPECT_FALSE(loop_->run_own().has_value());
  EXPECT_TRUE(is_posted);
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  EXPECT_TRUE(is_backend_readable(seconds(1))) << "the watch never reached the kernel";
  EXPECT_FALSE(loop_->run_own().has_value());
  EXPECT_FALSE(is_read) << "news of the kernel wait for a turn of the loop";
  loop_->run_ready();
  EXPECT_TRUE(is_read);
}

TEST_F(EventLoopTest, IdleLoopNeedsNoTurn) { EXPECT_FALSE(loop_->run_ready().has_value()); }

TEST_F(EventLoopTest, EndlessPostsGiveTheTurnBackWithinTheBudget) {
  std::uint64_t count = 0;
  std::function<void()> again = [&] {
    ++count;
    loop_->post(again);
  };
  loop_->post(again);
  const TimePoint before = loop_->now();
  EXPECT_EQ(loop_->run_ready(), Duration::zero());
  EXPECT_LT(loop_->now() - before, kTickBudget * 20);
  EXPECT_GT(count, 10U);
}

TEST_F(EventLoopTest, EndlessPostsDoNotStarveSockets) {
  bool seen = false;
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) { seen = true; });
  ASSERT_TRUE(watch);
  std::function<void()> again = [&] {
    if (!seen) loop_->post(again);
  };
  loop_->post(again);
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  EXPECT_TRUE(run_until([&] { return seen; }));
}

TEST_F(EventLoopTest, TimersFireInOrderOfTimeOnce) {
  std::string order;
  const TimePoint now = loop_->now();
  auto late = loop_->start_timer(now + milliseconds(300), [&] { order += 'b'; });
  auto early = loop_->start_timer(now + milliseconds(100), [&] { order += 'a'; });
  auto never = loop_->start_timer(now + milliseconds(200), [&] { order += 'x'; });
  never.reset();
  const auto delay = loop_->run_ready();
  ASSERT_TRUE(delay.has_value());
  EXPECT_LE(*delay, milliseconds(100));
  EXPECT_TRUE(run_until([&] { return order.size() == 2; }));
  EXPECT_EQ(order, "ab");
  EXPECT_FALSE(loop_->run_ready().has_value());
}

TEST_F(EventLoopTest, TimerMayCancelItselfAndOthersWhileFiring) {
  std::unique_ptr<Timer> self;
  std::unique_ptr<Timer> other;
  bool other_fired = false;
  const TimePoint now = loop_->now();
  self = loop_->start_timer(now, [&] {
    self.reset();
    other.reset();
  });
  other = loop_->start_timer(now, [&] { other_fired = true; });
  EXPECT_FALSE(loop_->run_ready().has_value());
  EXPECT_FALSE(other_fired);
  EXPECT_EQ(self, nullptr);
}

TEST_F(EventLoopTest, WatchMakesTheBackendReadable) {
  int ready = 0;
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest interest) {
    EXPECT_TRUE(interest.readable);
    ++ready;
    std::array<char, 8> sink{};
    EXPECT_EQ(1, read(sockets_[0], sink.data(), sink.size()));
  });
  ASSERT_TRUE(watch);
  EXPECT_FALSE(loop_->run_ready().has_value());
  EXPECT_FALSE(is_backend_readable(milliseconds(0)));
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  EXPECT_TRUE(is_backend_readable(seconds(1)));
  loop_->run_ready();
  EXPECT_EQ(ready, 1);
}

TEST_F(EventLoopTest, WatchBegunInsideACallbackReachesTheKernelInTheSameEntry) {
  int ready = 0;
  Result<std::unique_ptr<SocketWatch>> inner = make_error(ErrorCode::kInternal, "not yet");
  auto outer = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) {
    std::array<char, 8> sink{};
    EXPECT_EQ(1, read(sockets_[0], sink.data(), sink.size()));
    if (!inner) inner = loop_->watch(sockets_[1], {.readable = true}, [&](Interest) { ++ready; });
  });
  ASSERT_TRUE(outer);
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  loop_->run_ready();
  ASSERT_TRUE(inner);
  ASSERT_EQ(1, write(sockets_[0], "y", 1));
  EXPECT_TRUE(is_backend_readable(seconds(1)));
  loop_->run_ready();
  EXPECT_GE(ready, 1);
}

TEST_F(EventLoopTest, PausedAndEndedWatchesAreSilent) {
  int ready = 0;
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) { ++ready; });
  ASSERT_TRUE(watch);
  loop_->run_ready();
  ASSERT_TRUE((*watch)->update({}));
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  loop_->run_ready();
  EXPECT_EQ(ready, 0);
  ASSERT_TRUE((*watch)->update({.readable = true, .writable = true}));
  loop_->run_ready();
  loop_->run_ready();
  EXPECT_GE(ready, 1);
  const int before = ready;
  watch->reset();
  loop_->run_ready();
  EXPECT_EQ(ready, before);
}

TEST_F(EventLoopTest, WatchMayEndItselfWhileCalled) {
  Result<std::unique_ptr<SocketWatch>> watch = make_error(ErrorCode::kInternal, "not yet");
  int ready = 0;
  watch = loop_->watch(sockets_[0], {.writable = true}, [&](Interest) {
    ++ready;
    watch->reset();
  });
  ASSERT_TRUE(watch);
  loop_->run_ready();
  loop_->run_ready();
  EXPECT_EQ(ready, 1);
}

TEST_F(EventLoopTest, ErrorBehindBytesIsToldAfterThem) {
  ASSERT_EQ(1, write(sockets_[0], "x", 1));  // left unread, so that closing the other end is a reset
  ASSERT_EQ(2, write(sockets_[1], "ab", 2));
  close(std::exchange(sockets_[1], -1));
  std::string received;
  int failure = 0;
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) {
    char byte = 0;
    const ssize_t size = recv(sockets_[0], &byte, 1, 0);
    if (size > 0) received += byte;
    if (size < 0 && errno != EAGAIN) failure = errno;
  });
  ASSERT_TRUE(watch);
  EXPECT_TRUE(run_until([&] { return failure != 0; }));
  EXPECT_EQ(failure, ECONNRESET);
  EXPECT_EQ(received, "ab");
}

TEST_F(EventLoopTest, WatchingARegularFileIsRefused) {
  const int descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_FALSE(loop_->watch(descriptor, {.readable = true}, [](Interest) {}));
  close(descriptor);
}

TEST_F(EventLoopTest, OtherThreadsWakeTheDescriptor) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 500;
  int seen = 0;
  loop_->run_ready();
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&] {
      for (int post = 0; post < kPosts; ++post) loop_->post_from_any_thread([&] { ++seen; });
    });
  }
  EXPECT_TRUE(is_backend_readable(seconds(1)));
  EXPECT_TRUE(run_until([&] { return seen == kThreads * kPosts; }));
  for (auto& thread : threads) thread.join();
}

TEST_F(EventLoopTest, WorkerAnswersInTheLoopThreadWithSignalsBlocked) {
  std::thread::id worker;
  bool is_shielded = false;
  bool done = false;
  loop_->run_on_worker(
      [&] {
        worker = std::this_thread::get_id();
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        is_shielded = sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGTERM) == 1;
      },
      [&] {
        EXPECT_TRUE(loop_->is_owner());
        done = true;
      });
  EXPECT_TRUE(run_until([&] { return done; }));
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_TRUE(is_shielded);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0);
}

TEST_F(EventLoopTest, DestructionWaitsForWorkAndDropsItsAnswer) {
  auto began = std::make_shared<std::atomic<bool>>(false);
  auto ended = std::make_shared<std::atomic<bool>>(false);
  auto answered = std::make_shared<bool>(false);
  loop_->run_on_worker(
      [began, ended] {
        *began = true;
        std::this_thread::sleep_for(milliseconds(20));
        *ended = true;
      },
      [answered] { *answered = true; });
  while (!*began) std::this_thread::yield();
  loop_.reset();
  EXPECT_TRUE(*ended);
  EXPECT_FALSE(*answered);
}

TEST_F(EventLoopTest, DestructionDropsTasksThatHoldWatchesAndTimers) {
  struct Holding {
    std::unique_ptr<SocketWatch> watch;
    std::unique_ptr<Timer> timer;
  };
  auto holding = std::make_shared<Holding>();
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [](Interest) {});
  ASSERT_TRUE(watch);
  holding->watch = std::move(*watch);
  holding->timer = loop_->start_timer(loop_->now() + seconds(60), [] {});
  const std::weak_ptr<Holding> alive = holding;
  loop_->post([held = std::move(holding)] { FAIL() << "a dropped task ran: " << (held != nullptr); });
  loop_.reset();
  EXPECT_TRUE(alive.expired());
}

TEST_F(EventLoopTest, BlockingRunKeepsItsDeadline) {
  const TimePoint before = loop_->now();
  loop_->run_ready();
  loop_->run_blocking(Deadline(before + milliseconds(30)));
  EXPECT_GE(loop_->now() - before, milliseconds(29));
  EXPECT_LT(loop_->now() - before, seconds(2));
}

TEST_F(EventLoopTest, TimersFollowTheClockHandedIn) {
  ManualClock clock;
  auto made = EventLoop::make(clock);
  ASSERT_TRUE(made);
  bool fired = false;
  const auto timer = (*made)->start_timer(clock.now() + seconds(60), [&] { fired = true; });
  EXPECT_EQ((*made)->run_ready(), Duration(seconds(60)));
  clock.advance(seconds(60));
  EXPECT_FALSE((*made)->run_ready().has_value());
  EXPECT_TRUE(fired);
  EXPECT_EQ((*made)->now(), clock.now());
}

TEST_F(EventLoopTest, KnowsItsThread) {
  EXPECT_TRUE(loop_->is_owner());
  bool elsewhere = true;
  std::thread([&] { elsewhere = loop_->is_owner(); }).join();
  EXPECT_FALSE(elsewhere);
}

TEST_F(EventLoopTest, ForkedChildLetsGoWithoutDisturbingTheParent) {
  int ready = 0;
  auto watch = loop_->watch(sockets_[0], {.readable = true}, [&](Interest) { ++ready; });
  ASSERT_TRUE(watch);
  loop_->run_ready();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool is_foreign = !loop_->is_owner();
    watch->reset();  // before the loop is told: must not reach into the parent's poll set
    loop_->abandon_after_fork();
    loop_.reset();
    _exit(is_foreign ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(child, waitpid(child, &status, 0));
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(loop_->is_owner());
  ASSERT_EQ(1, write(sockets_[1], "x", 1));
  EXPECT_TRUE(run_until([&] { return ready > 0; }));
}

}  // namespace
}  // namespace bridge::net
