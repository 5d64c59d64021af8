// Keeps a failing database from taking the application down: refuses calls at once while it is known to fail.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/base/result.h"

namespace bridge::resilience {

/// When a breaker opens and how it closes again. Rates are shares of the calls completed within the window.
struct BreakerOptions {
  bool is_enabled = true;
  double failure_rate = 0.5;
  double slow_call_rate = 0.8;
  Duration slow_call_duration = std::chrono::seconds(2);
  Duration window = std::chrono::seconds(30);
  std::uint32_t minimum_calls = 20;                ///< fewer completed calls prove nothing
  std::uint32_t consecutive_connect_failures = 5;  ///< databases see few connects: a ratio alone is too slow
  Duration open_for =
      std::chrono::seconds(5);  ///< doubled with each opening in a row, with jitter of a fifth
  Duration max_open_for = std::chrono::seconds(60);
  std::uint32_t half_open_probes = 3;
};

enum class BreakerState : std::uint8_t { kClosed, kOpen, kHalfOpen, kDisabled };
std::string_view to_name(BreakerState state);

class CircuitBreaker;

/// The right to make one call. Tell how it went; dropped without a word it counts for nothing and its probe
/// slot returns. Move only.
class Permit {
 public:
  Permit() = default;
  Permit(Permit&& other) noexcept;
  Permit& operator=(Permit&& other) noexcept;
  ~Permit();
  /// The server answered (user errors included) after `duration`.
  void succeed(Duration duration);
  /// Counts as a failure when the error is one of infrastructure, as a success when the server refused the
  /// statement, as nothing otherwise.
  void finish(const Error& error, Duration duration);

 private:
  friend class CircuitBreaker;
  void settle(bool has_failed, Duration duration);
  void release();

  CircuitBreaker* breaker_ = nullptr;
  std::uint64_t generation_ = 0;
  bool is_probe_ = false;
};

/// One per endpoint. Loop thread only; outlives its permits.
class CircuitBreaker {
 public:
  using Observer = std::function<void(BreakerState from, BreakerState to)>;
  CircuitBreaker(const BreakerOptions& options, const Clock& clock, Random& random, Observer observer);
  ~CircuitBreaker();

  /// A permit, or kCircuitOpen with `retry_after`. Touches no network.
  Result<Permit> admit();
  /// Results of connecting, which are no calls of users.
  void note_connect(const Error* error);
  BreakerState state() const;

 private:
  friend class Permit;
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace bridge::resilience
