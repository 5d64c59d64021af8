// The pool under thousands of random schedules on a clock that only moves when told.
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/pool/pool.h"
#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::pool {
namespace {

using driver::Driver;
using std::chrono::milliseconds;
using std::chrono::seconds;

class SimulatedConnection;

/// What the simulated server does, and who is connected to it.
struct World {
  explicit World(std::uint64_t seed) : random(seed), loop(std::move(net::EventLoop::make(clock)).value()) {}

  bool happens(double probability) { return random.next_unit() < probability; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random.next() % bound); }
  /// Calls back after a random while, on the simulated clock.
  void later(Duration limit, std::function<void()> task) {
    auto timer = std::make_shared<std::unique_ptr<net::Timer>>();
    const auto delay =
        Duration(static_cast<Duration::rep>(random.next_unit() * static_cast<double>(limit.count())));
    *timer = loop->start_timer(clock.now() + delay, [timer, task = std::move(task)] { task(); });
    timers.push_back(timer);
  }

  ManualClock clock;
  SeededRandom random;
  std::unique_ptr<net::EventLoop> loop;
  telemetry::testing::RecordingSink sink;
  telemetry::Tracer tracer{clock, sink, "simulated", "world"};
  std::vector<std::shared_ptr<std::unique_ptr<net::Timer>>> timers;
  std::set<SimulatedConnection*> open;
  std::map<Driver::Role, std::size_t> connecting;
  double connect_failure = 0.2;
  double trouble = 0.1;
  std::size_t pings = 0;
};

class SimulatedConnection final : public driver::Connection {
 public:
  SimulatedConnection(World& world, Driver::Role role) : world_(world), role_(role) {
    world_.open.insert(this);
  }
  ~SimulatedConnection() override {
    EXPECT_TRUE(is_closed) << "destroyed without being closed";
    world_.open.erase(this);
  }

  void execute(telemetry::OperationSpan&, driver::Request) override {
    FAIL() << "the pool runs no statements";
  }
  void flush() override {}
  void copy_rows(telemetry::OperationSpan&, driver::Request, driver::RowSource&) override {
    FAIL() << "the pool loads no rows";
  }
  void ping(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override {
    ++world_.pings;
    EXPECT_EQ(span.operation(), telemetry::Operation::kPing);
    answer(deadline, std::move(on_done));
  }
  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override {
    EXPECT_EQ(span.operation(), telemetry::Operation::kReset);
    is_soiled = false;
    answer(deadline, std::move(on_done));
  }
  void cancel(telemetry::OperationSpan&, Deadline) override {}
  void close(telemetry::OperationSpan& span) override {
    EXPECT_EQ(span.operation(), telemetry::Operation::kDisconnect);
    is_closed = true;
    if (pending_) end_check(make_error(ErrorCode::kConnectionLost, "closed"));
  }
  std::size_t in_flight() const override { return pending_ ? 1 : 0; }
  bool is_usable() const override { return !is_closed && !is_lost; }
  bool is_ready() const override { return is_usable() && !pending_ && !is_busy; }
  bool is_in_transaction() const override { return is_busy; }
  bool is_quiet() override { return is_usable() && !is_cut; }
  bool is_dirty() const override { return is_soiled; }
  bool has_prepared(const sql::CompiledStatement&) const override { return false; }
  Driver::Role role() const { return role_; }

  bool is_closed = false;
  bool is_lost = false;  // known to be dead
  bool is_cut = false;   // dead, noticed only by looking
  bool is_busy = false;  // a transaction left open
  bool is_soiled = false;
  bool is_lent = false;

 private:
  void answer(Deadline deadline, driver::Completion on_done) {
    EXPECT_FALSE(pending_) << "two checks at once";
    pending_ = std::make_shared<driver::Completion>(std::move(on_done));
    const bool is_well = !is_cut && !world_.happens(world_.trouble);
    const Duration limit = deadline.remaining(world_.clock.now());
    world_.later(limit, [this, is_well, mine = std::weak_ptr(pending_)] {
      if (mine.expired()) return;
      is_lost = !is_well;
      if (is_well)
        end_check(driver::Outcome{});
      else
        end_check(make_error(ErrorCode::kConnectionLost, "lost while checked"));
    });
  }
  void end_check(Result<driver::Outcome> result) {
    const auto done = std::exchange(pending_, nullptr);
    auto shared = std::make_shared<Result<driver::Outcome>>(std::move(result));
    world_.loop->post([done, shared] { (*done)(std::move(*shared)); });
  }

  World& world_;
  Driver::Role role_;
  std::shared_ptr<driver::Completion> pending_;
};

class SimulatedDriver final : public Driver {
 public:
  SimulatedDriver(World& world, bool has_readers) : world_(world), has_readers_(has_readers) {}
  const sql::Dialect& dialect() const override { std::abort(); }  // the pool speaks no SQL
  bool has_reader_role() const override { return has_readers_; }
  std::size_t max_connections(Role role) const override {
    return has_readers_ && role == Role::kWriter ? 1 : 0;
  }
  void connect(telemetry::OperationSpan& span, Role role, Deadline deadline,
               driver::ConnectCompletion on_done) override {
    EXPECT_EQ(span.operation(), telemetry::Operation::kConnect);
    ++world_.connecting[role];
    const bool fails = world_.happens(world_.connect_failure);
    world_.later(
        deadline.remaining(world_.clock.now()) / 4, [this, role, fails, on_done = std::move(on_done)] {
          --world_.connecting[role];
          if (fails) return on_done(make_error(ErrorCode::kConnectFailed, "refused"));
          on_done(std::unique_ptr<driver::Connection>(std::make_unique<SimulatedConnection>(world_, role)));
        });
  }

 private:
  World& world_;
  bool has_readers_;
};

/// Somebody who asked for a connection.
struct Caller {
  std::size_t number = 0;
  Driver::Role role = Driver::Role::kWriter;
  TimePoint limit;
  Waiter waiter;
  bool is_cancelled = false;
  bool is_answered = false;
  Lease lease;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool has_readers)
      : world_(seed), driver_(world_, has_readers), has_readers_(has_readers) {
    options_.max_size = 1 + world_.below(6);
    options_.min_size = world_.below(3);
    options_.max_waiters = 8;
    options_.connect_timeout =
        seconds(4);  // connects take up to a quarter: a full pool is built well within acquire_timeout
    options_.max_lifetime = seconds(30);
    options_.idle_timeout = seconds(10);
    transports_ = net::make_transport_factory(*world_.loop);
    environment_ = std::make_unique<driver::DriverEnvironment>(
        driver::DriverEnvironment{*world_.loop, *transports_, world_.clock, world_.random, world_.tracer});
    pool_ = std::make_unique<Pool>(driver_, *environment_, options_, [](const Error*) {});
  }

  void run() {
    constexpr int kSteps = 150;
    for (int step = 0; step < kSteps && !::testing::Test::HasFailure(); ++step) {
      // several within one turn: what comes back and who asks may meet before the pool has looked
      for (std::size_t left = 1 + world_.below(3); left > 0; --left) act();
      turn();
    }
    recover();
    end();
  }

 private:
  void act() {
    const double choice = world_.random.next_unit();
    if (choice < 0.40)
      ask();
    else if (choice < 0.65)
      give_back();
    else if (choice < 0.72)
      cancel_one();
    else if (choice < 0.78)
      cut_one();
    else if (choice < 0.80)
      pool_->renew();
    else
      world_.clock.advance(Duration(static_cast<Duration::rep>(world_.random.next_unit() * 2e9)));
  }

  void turn() {
    while (world_.loop->run_ready() == Duration::zero()) {
    }
    check_bounds();
  }

  void ask() {
    const Driver::Role role =
        has_readers_ && world_.happens(0.6) ? Driver::Role::kReader : Driver::Role::kWriter;
    if (world_.happens(0.3)) {
      Lease lease = pool_->try_acquire(role);
      if (!lease) return;
      EXPECT_EQ(count_waiting(role), 0U) << "jumped the queue";
      Caller& caller = add(role, TimePoint::max());
      caller.is_answered = true;
      hold(caller, std::move(lease));
      return;
    }
    const auto patience = Duration(static_cast<Duration::rep>(world_.random.next_unit() * 8e9));
    const TimePoint limit = world_.clock.now() + std::min(patience, options_.acquire_timeout);
    Caller& caller = add(role, limit);
    caller.waiter =
        pool_->acquire(role, Deadline(world_.clock.now() + patience),
                       [this, &caller](Result<Lease> result) { answer(caller, std::move(result)); });
    EXPECT_FALSE(caller.is_answered) << "answered inside the call";
  }

  Caller& add(Driver::Role role, TimePoint limit) {
    callers_.push_back({});
    Caller& caller = callers_.back();
    caller.number = callers_.size();
    caller.role = role;
    caller.limit = limit;
    return caller;
  }

  void answer(Caller& caller, Result<Lease> result) {
    EXPECT_FALSE(caller.is_cancelled) << "answered after it left";
    EXPECT_FALSE(caller.is_answered) << "answered twice";
    caller.is_answered = true;
    if (!result) {
      const ErrorCode code = result.error().code();
      EXPECT_TRUE(code == ErrorCode::kPoolTimeout || code == ErrorCode::kConnectFailed ||
                  code == ErrorCode::kPoolClosed);
      return;
    }
    for (const Caller& other : callers_) {
      const bool is_overtaken = other.number < caller.number && other.role == caller.role &&
                                !other.is_answered && !other.is_cancelled;
      EXPECT_FALSE(is_overtaken) << "served before " << other.number;
    }
    hold(caller, std::move(*result));
  }

  void hold(Caller& caller, Lease lease) {
    auto* connection = static_cast<SimulatedConnection*>(lease.connection());
    ASSERT_TRUE(world_.open.contains(connection));
    EXPECT_FALSE(connection->is_lent) << "lent twice";
    EXPECT_TRUE(connection->is_ready() && connection->is_quiet() && !connection->is_dirty())
        << "lent in no state to be used";
    EXPECT_EQ(connection->role(), caller.role);
    connection->is_lent = true;
    caller.lease = std::move(lease);
    holders_.push_back(&caller);
  }

  void give_back() {
    if (holders_.empty()) return;
    const std::size_t chosen = world_.below(holders_.size());
    Caller& caller = *holders_[chosen];
    holders_.erase(holders_.begin() + static_cast<std::ptrdiff_t>(chosen));
    auto* connection = static_cast<SimulatedConnection*>(caller.lease.connection());
    connection->is_lent = false;
    connection->is_soiled = world_.happens(0.2);
    connection->is_busy = world_.happens(world_.trouble);
    connection->is_lost = world_.happens(world_.trouble);
    if (world_.happens(world_.trouble))
      caller.lease.discard();
    else if (world_.happens(0.5))
      caller.lease.release();
    else
      caller.lease = Lease();
    EXPECT_FALSE(caller.lease);
  }

  void cancel_one() {
    std::vector<Caller*> waiting;
    for (Caller& caller : callers_) {
      if (!caller.is_answered && !caller.is_cancelled) waiting.push_back(&caller);
    }
    if (waiting.empty()) return;
    Caller& caller = *waiting[world_.below(waiting.size())];
    caller.is_cancelled = true;
    caller.waiter.cancel();
    caller.waiter.cancel();
  }

  void cut_one() {
    if (world_.open.empty()) return;
    auto chosen = world_.open.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(world_.below(world_.open.size())));
    if (!(*chosen)->is_lent) (*chosen)->is_cut = true;
  }

  std::size_t count_waiting(Driver::Role role) const {
    return static_cast<std::size_t>(
        std::count_if(callers_.begin(), callers_.end(), [role](const Caller& caller) {
          return caller.role == role && !caller.is_answered && !caller.is_cancelled;
        }));
  }

  void check_bounds() {
    for (const Driver::Role role : {Driver::Role::kWriter, Driver::Role::kReader}) {
      const auto open = static_cast<std::size_t>(std::count_if(
          world_.open.begin(), world_.open.end(),
          [role](const auto* connection) { return connection->role() == role && !connection->is_closed; }));
      const std::size_t bound =
          driver_.max_connections(role) == 0 ? options_.max_size : driver_.max_connections(role);
      EXPECT_LE(open + world_.connecting[role], bound) << "more connections than allowed";
      EXPECT_LE(world_.connecting[role], 4U);
    }
    const PoolStatistics seen = pool_->statistics();
    EXPECT_EQ(seen.lent, holders_.size());
    EXPECT_EQ(seen.waiting, count_waiting(Driver::Role::kWriter) + count_waiting(Driver::Role::kReader));
    EXPECT_EQ(seen.connecting,
              world_.connecting[Driver::Role::kWriter] + world_.connecting[Driver::Role::kReader]);
    for (const Caller& caller : callers_) {
      const bool is_waiting = !caller.is_answered && !caller.is_cancelled;
      EXPECT_FALSE(is_waiting && caller.limit <= world_.clock.now()) << "waits past its deadline";
    }
  }

  /// The server is well again: everybody who asks now must be served, so no slot can have leaked.
  void recover() {
    world_.connect_failure = 0;
    world_.trouble = 0;
    while (!holders_.empty()) give_back();
    for (int second = 0; second < 20; ++second) {
      turn();
      while (!holders_.empty()) give_back();
      world_.clock.advance(seconds(1));
    }
    turn();
    const Driver::Role role = has_readers_ ? Driver::Role::kReader : Driver::Role::kWriter;
    for (std::size_t index = 0; index < options_.max_size; ++index) {
      Caller& caller = add(role, world_.clock.now() + options_.acquire_timeout);
      caller.waiter = pool_->acquire(role, Deadline::never(), [this, &caller](Result<Lease> result) {
        answer(caller, std::move(result));
      });
    }
    for (int tenth = 0; tenth < 49; ++tenth) {
      turn();
      world_.clock.advance(milliseconds(100));
    }
    EXPECT_EQ(holders_.size(), options_.max_size) << "slots leaked";
  }

  void end() {
    Caller& late = add(Driver::Role::kWriter, TimePoint::max());
    bool is_closed = false;
    bool is_closed_again = false;
    const bool is_graceful = world_.happens(0.5);
    pool_->close(Deadline::after(world_.clock, seconds(3)), [&] { is_closed = true; });
    pool_->close(Deadline::after(world_.clock, seconds(3)), [&] { is_closed_again = true; });
    EXPECT_FALSE(pool_->try_acquire(Driver::Role::kWriter));
    late.waiter = pool_->acquire(Driver::Role::kWriter, Deadline::never(), [&](Result<Lease> result) {
      late.is_answered = true;
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::kPoolClosed);
    });
    drain();
    EXPECT_TRUE(late.is_answered);
    EXPECT_FALSE(is_closed && !holders_.empty()) << "closed under a lease before the deadline";
    while (is_graceful && !holders_.empty()) give_back();
    for (int second = 0; second < 5; ++second) {
      world_.clock.advance(seconds(1));
      drain();
    }
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(is_closed_again);
    for (const Caller& caller : callers_)
      EXPECT_NE(caller.is_answered, caller.is_cancelled) << "caller " << caller.number;
    EXPECT_TRUE(world_.open.empty()) << "connections outlived the pool's closing";
    for (Caller* caller : holders_) caller->lease.release();
    pool_.reset();
  }
  void drain() {
    while (world_.loop->run_ready() == Duration::zero()) {
    }
  }

  World world_;
  SimulatedDriver driver_;
  bool has_readers_;
  PoolOptions options_;
  std::unique_ptr<net::TransportFactory> transports_;
  std::unique_ptr<driver::DriverEnvironment> environment_;
  std::unique_ptr<Pool> pool_;
  std::list<Caller> callers_;
  std::vector<Caller*> holders_;
};

constexpr std::uint64_t kSeeds = 1'000;

TEST(PoolSimulation, KeepsItsPromisesWithOneRole) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation(seed, false).run();
  }
}

TEST(PoolSimulation, KeepsItsPromisesWithOneWriterAndReaders) {
  for (std::uint64_t seed = 1; seed <= kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation(seed, true).run();
  }
}

}  // namespace
}  // namespace bridge::pool
