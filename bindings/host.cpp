// What both kinds of host share: turns, and who is destroyed when.
#include "bindings/host.h"

#include <algorithm>
#include <utility>

#include "bindings/gil.h"
#include "engine/base/limits.h"

namespace bridge::python {
namespace {

// Guarded by the interpreter lock. Never destroyed: hosts may outlive static destructors.
std::vector<std::weak_ptr<Host>>& live_hosts() {
  static auto* const hosts = new std::vector<std::weak_ptr<Host>>();
  return *hosts;
}

std::uint64_t make_seed() {
  std::uint64_t seed = 0;
  // Jitter only: a failing source costs spread, not safety.
  static_cast<void>(fill_secure_random(&seed, sizeof(seed)));
  return seed;
}

}  // namespace

Host::Host(std::unique_ptr<net::EventLoop> loop)
    : loop_(std::move(loop)), transports_(net::make_transport_factory(*loop_)), random_(make_seed()) {}

bool Host::is_own_thread() const { return loop_->is_owner(); }

Status Host::check_place() const {
  if (is_closed_) return make_error(ErrorCode::kConfiguration, "the host of this database is closed");
  if (!loop_->is_owner())
    return make_error(
        ErrorCode::kConfiguration,
        "used from another thread or process than it was made in: open a database of its own there");
  return {};
}

void Host::close() { is_closed_ = true; }

bool Host::owes_turn() {
  const TimePoint now = loop_->now();
  if (now - last_answer_ > kTickBudget) streak_began_ = now;
  last_answer_ = now;
  if (now - streak_began_ <= kTickBudget) return false;
  streak_began_ = now;
  return true;
}

void Host::dispose(std::shared_ptr<void> thing) {
  if (!is_own_thread()) loop_->abandon_after_fork();
  if (is_in_turn_) {
    graveyard_.push_back(std::move(thing));
    return;
  }
  if (!is_own_thread()) return;
  // What was begun a moment ago (the rollback of a dropped transaction) gets its turn before its engine goes.
  run_turn();
  thing.reset();
  // Letting go may begin something itself: the rollback of a transaction that nobody holds any more.
  end_disposal();
}

std::optional<Duration> Host::run_turn() { return run(&net::EventLoop::run_ready); }

std::optional<Duration> Host::run_own_turn() { return run(&net::EventLoop::run_own); }

std::optional<Duration> Host::run(std::optional<Duration> (net::EventLoop::*turn)()) {
  if (is_in_turn_) return std::nullopt;
  const auto self = shared_from_this();
  is_in_turn_ = true;
  std::optional<Duration> next = (loop_.get()->*turn)();
  is_in_turn_ = false;
  while (bury()) {
    is_in_turn_ = true;
    next = loop_->run_own();  // what burying began
    is_in_turn_ = false;
  }
  return next;
}

void Host::run_turn_blocking(Deadline deadline) {
  const auto self = shared_from_this();
  is_in_turn_ = true;
  {
    const GilReleased released;
    loop_->run_blocking(deadline);
  }
  is_in_turn_ = false;
  bury();
}

// Destroying may dispose of more.
bool Host::bury() {
  const bool has_dead = !graveyard_.empty();
  while (!graveyard_.empty()) const auto dead = std::exchange(graveyard_, {});
  return has_dead;
}

void enlist_host(const std::shared_ptr<Host>& host) {
  auto& hosts = live_hosts();
  std::erase_if(hosts, [](const std::weak_ptr<Host>& entry) { return entry.expired(); });
  hosts.push_back(host);
}

void close_all_hosts() noexcept {
  for (const std::weak_ptr<Host>& entry : std::exchange(live_hosts(), {})) {
    if (const auto host = entry.lock()) host->close();
  }
}

}  // namespace bridge::python
