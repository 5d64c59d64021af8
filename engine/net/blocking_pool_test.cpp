// The worker's promises: order, answers in the loop's thread, an end that waits.
#include "engine/net/blocking_pool.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "engine/net/testing/event_loop_fixture.h"

namespace bridge::net {
namespace {

using std::chrono::milliseconds;

class BlockingWorkerTest : public testing::EventLoopFixture {};

TEST_F(BlockingWorkerTest, TasksRunInOrderAndAnswerInTheLoop) {
  BlockingWorker worker(*loop_);
  std::string worked;
  std::string answered;
  for (const char name : {'a', 'b', 'c'}) {
    worker.submit([&worked, name] { worked += name; },
                  [&, name] {
                    EXPECT_TRUE(loop_->is_owner());
                    answered += name;
                  });
  }
  EXPECT_EQ(worker.pending(), 3U);
  EXPECT_TRUE(run_until([&] { return answered.size() == 3; }));
  EXPECT_EQ(worked, "abc");
  EXPECT_EQ(answered, "abc");
  EXPECT_EQ(worker.pending(), 0U);
}

TEST_F(BlockingWorkerTest, EndWaitsForTheTaskInHandAndDropsTheRest) {
  std::atomic<bool> began = false;
  std::atomic<int> ended = 0;
  int answered = 0;
  {
    BlockingWorker worker(*loop_);
    worker.submit(
        [&] {
          began = true;
          std::this_thread::sleep_for(milliseconds(20));
          ++ended;
        },
        [&] { ++answered; });
    worker.submit([&] { ++ended; }, [&] { ++answered; });
    while (!began) std::this_thread::yield();
  }
  EXPECT_EQ(ended, 1);
  loop_->run_ready();
  EXPECT_EQ(answered, 0);
}

TEST_F(BlockingWorkerTest, AnswerMayEndTheWorker) {
  auto worker = std::make_unique<BlockingWorker>(*loop_);
  worker->submit([] {}, [&] { worker.reset(); });
  EXPECT_TRUE(run_until([&] { return worker == nullptr; }));
}

TEST_F(BlockingWorkerTest, ForkedChildEndsWithoutWaitingForTheParentsThread) {
  auto worker = std::make_unique<BlockingWorker>(*loop_);
  bool answered = false;
  worker->submit([] {}, [&] { answered = true; });
  ASSERT_TRUE(run_until([&] { return answered; }));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    worker.reset();
    loop_->abandon_after_fork();
    loop_.reset();
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(child, waitpid(child, &status, 0));
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace bridge::net
