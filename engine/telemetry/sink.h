// Where finished spans and state changes go.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/telemetry/operation.h"

namespace bridge::telemetry {

/// What one operation did. Views are valid during the call only. Holds no bound values and no secrets.
struct SpanRecord {
  Operation operation;
  std::string_view statement;  ///< the text sent, with placeholders; empty where none was
  std::string_view endpoint;   ///< redacted host:port/database or file
  std::string_view system;     ///< product, e.g. as in the URL's scheme
  TimePoint started;
  Duration duration{0};
  std::int64_t rowcount = -1;    ///< rows returned or matched; -1 where it means nothing
  const Error* error = nullptr;  ///< null when it succeeded
  std::uint64_t origin = 0;  ///< token handed in with the operation; gives the binding its file and line back
};

/// A change in the life of an endpoint or pool that is no statement, e.g. a breaker opening.
struct StateRecord {
  std::string_view endpoint;
  std::string_view subject;  ///< "breaker"
  std::string_view from;
  std::string_view to;
};

/// Receives telemetry. Called in the thread of the loop the operation ran in; must not call back into the
/// engine.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void on_span(const SpanRecord& record) = 0;
  virtual void on_state(const StateRecord& record) = 0;
};

}  // namespace bridge::telemetry
