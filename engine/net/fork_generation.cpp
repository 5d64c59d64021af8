// Counts forks: the C library calls us in every child.
#include "engine/net/fork_generation.h"

#include <pthread.h>

#include <atomic>

namespace bridge::net {
namespace {

std::atomic<std::uint64_t> generation{0};

void count_fork() { generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

std::uint64_t fork_generation() {
  static const int registration = pthread_atfork(nullptr, nullptr, count_fork);
  static_cast<void>(
      registration);  // fails only without memory at start-up; then children count as their parent
  return generation.load(std::memory_order_relaxed);
}

}  // namespace bridge::net
