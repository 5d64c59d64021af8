// The breaker's state chart: closed, open, half-open; transitions happen in one place and are told once.
#include "engine/resilience/circuit_breaker.h"

#include <algorithm>
#include <utility>

#include "engine/resilience/call_window.h"

namespace bridge::resilience {
namespace {

/// An opening lasts up to a fifth longer or shorter, so that clients of one server do not probe it together.
constexpr double kOpenJitter = 0.2;
/// Beyond this many openings in a row doubling has long met `max_open_for`.
constexpr std::uint32_t kMaxDoublings = 16;
/// Probes that bring no verdict for so long count as a failure: a breaker must not stay half-open because
/// they hang.
constexpr Duration kVerdictLimit = std::chrono::seconds(10);

}  // namespace

std::string_view to_name(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed:
      return "closed";
    case BreakerState::kOpen:
      return "open";
    case BreakerState::kHalfOpen:
      return "half_open";
    case BreakerState::kDisabled:
      return "disabled";
  }
  return "disabled";
}

struct CircuitBreaker::Body {
  Body(const BreakerOptions& wanted, const Clock& time, Random& jitter, Observer told)
      : options(wanted), clock(time), random(jitter), observer(std::move(told)), window(wanted.window) {}

  void move_to(BreakerState next);
  void open();
  void judge();
  void settle_probe(bool is_well);
  bool is_tripped(const CallCounts& counts) const;
  Error refuse_probe();
  Error refusal(TimePoint until) const;

  BreakerOptions options;
  const Clock& clock;
  Random& random;
  Observer observer;
  CallWindow window;
  BreakerState state = BreakerState::kClosed;
  std::uint64_t generation =
      0;                       ///< counts transitions: outcomes of an older state mean nothing in a newer one
  std::uint32_t openings = 0;  ///< in a row
  std::uint32_t connect_failures = 0;
  std::uint32_t probes_out = 0;
  std::uint32_t probes_well = 0;
  TimePoint reopens_at{};
  TimePoint half_open_since{};
};

void CircuitBreaker::Body::move_to(BreakerState next) {
  const BreakerState before = std::exchange(state, next);
  ++generation;
  probes_out = 0;
  probes_well = 0;
  if (next == BreakerState::kClosed) {
    window.clear();
    openings = 0;
    connect_failures = 0;
  }
  if (next == BreakerState::kHalfOpen) half_open_since = clock.now();
  if (observer) observer(before, next);
}

void CircuitBreaker::Body::open() {
  const double doubled = static_cast<double>(std::uint64_t{1} << std::min(openings, kMaxDoublings));
  const double longest = static_cast<double>(options.max_open_for.count());
  const double plain = std::min(static_cast<double>(options.open_for.count()) * doubled, longest);
  const double jittered = plain * (1.0 + kOpenJitter * (2.0 * random.next_unit() - 1.0));
  reopens_at = clock.now() + Duration(static_cast<Duration::rep>(jittered));
  ++openings;
  move_to(BreakerState::kOpen);
}

bool CircuitBreaker::Body::is_tripped(const CallCounts& counts) const {
  if (connect_failures >= options.consecutive_connect_failures) return true;
  if (counts.completed() < options.minimum_calls) return false;
  const double completed = counts.completed();
  const auto reaches = [completed](std::uint32_t count, double rate) {
    return count > 0 && count >= rate * completed;
  };
  return reaches(counts.failed, options.failure_rate) || reaches(counts.slow, options.slow_call_rate);
}

void CircuitBreaker::Body::judge() {
  if (state == BreakerState::kClosed && is_tripped(window.counts(clock.now()))) open();
}

void CircuitBreaker::Body::settle_probe(bool is_well) {
  if (!is_well) return open();
  ++probes_well;
  if (probes_well >= options.half_open_probes) move_to(BreakerState::kClosed);
}

Error CircuitBreaker::Body::refuse_probe() {
  const TimePoint verdict_due = half_open_since + kVerdictLimit;
  if (clock.now() < verdict_due) return refusal(verdict_due);
  open();
  return refusal(reopens_at);
}

Error CircuitBreaker::Body::refusal(TimePoint until) const {
  const Duration wait = std::max(Duration::zero(), until - clock.now());
  return make_error(ErrorCode::kCircuitOpen, "the database has been failing; its circuit is open")
      .with_retry_after(wait);
}

CircuitBreaker::CircuitBreaker(const BreakerOptions& options, const Clock& clock, Random& random,
                               Observer observer)
    : body_(std::make_unique<Body>(options, clock, random, std::move(observer))) {
  if (!options.is_enabled) body_->state = BreakerState::kDisabled;
}

CircuitBreaker::~CircuitBreaker() = default;

BreakerState CircuitBreaker::state() const { return body_->state; }

Result<Permit> CircuitBreaker::admit() {
  if (body_->state == BreakerState::kOpen) {
    if (body_->clock.now() < body_->reopens_at) return body_->refusal(body_->reopens_at);
    body_->move_to(BreakerState::kHalfOpen);
  }
  const bool is_probe = body_->state == BreakerState::kHalfOpen;
  if (is_probe && body_->probes_out + body_->probes_well >= body_->options.half_open_probes)
    return body_->refuse_probe();
  body_->probes_out += is_probe ? 1 : 0;
  Permit permit;
  permit.breaker_ = this;
  permit.generation_ = body_->generation;
  permit.is_probe_ = is_probe;
  return permit;
}

void CircuitBreaker::note_connect(const Error* error) {
  if (body_->state == BreakerState::kDisabled) return;
  if (error == nullptr) {
    body_->connect_failures = 0;
    return;
  }
  if (error->kind() != ErrorKind::kInfrastructure) return;
  ++body_->connect_failures;
  if (body_->state == BreakerState::kHalfOpen) return body_->open();
  body_->judge();
}

Permit::Permit(Permit&& other) noexcept
    : breaker_(std::exchange(other.breaker_, nullptr)),
      generation_(other.generation_),
      is_probe_(other.is_probe_) {}

Permit& Permit::operator=(Permit&& other) noexcept {
  if (this == &other) return *this;
  release();
  breaker_ = std::exchange(other.breaker_, nullptr);
  generation_ = other.generation_;
  is_probe_ = other.is_probe_;
  return *this;
}

Permit::~Permit() { release(); }

void Permit::release() {
  if (breaker_ == nullptr) return;
  CircuitBreaker::Body& body = *std::exchange(breaker_, nullptr)->body_;
  if (is_probe_ && generation_ == body.generation) --body.probes_out;
}

void Permit::succeed(Duration duration) { settle(false, duration); }

void Permit::finish(const Error& error, Duration duration) {
  if (error.kind() == ErrorKind::kUsage) return release();  // says nothing about the server
  settle(error.kind() == ErrorKind::kInfrastructure, duration);
}

void Permit::settle(bool has_failed, Duration duration) {
  if (breaker_ == nullptr) return;
  CircuitBreaker::Body& body = *std::exchange(breaker_, nullptr)->body_;
  if (body.state == BreakerState::kDisabled || generation_ != body.generation) return;
  const bool is_slow = duration >= body.options.slow_call_duration;
  if (is_probe_) {
    --body.probes_out;
    return body.settle_probe(!has_failed && !is_slow);
  }
  body.window.add(body.clock.now(), has_failed, is_slow);
  body.judge();
}

}  // namespace bridge::resilience
