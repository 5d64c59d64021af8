// Makes the spans without which no I/O method can be called.
#pragma once

#include <memory>
#include <string>

#include "engine/base/clock.h"
#include "engine/telemetry/sink.h"

namespace bridge::telemetry {

class Tracer;

/// One operation in flight. Only a Tracer makes one; counts as failed until told otherwise; reports to the
/// sink exactly once, at the latest when destroyed. Move only; owned by the operation it describes; used in
/// that operation's loop thread only.
class OperationSpan {
 public:
  OperationSpan(OperationSpan&& other) noexcept;
  OperationSpan& operator=(OperationSpan&&) = delete;
  OperationSpan(const OperationSpan&) = delete;
  OperationSpan& operator=(const OperationSpan&) = delete;
  ~OperationSpan();

  Operation operation() const { return record_.operation; }
  /// Names the text that is sent. The shared owner keeps the view alive until the span ends.
  void set_statement(std::shared_ptr<const std::string> text);
  void set_rowcount(std::int64_t rows) { record_.rowcount = rows; }
  void set_origin(std::uint64_t origin) { record_.origin = origin; }

  /// Ends the span well; later calls do nothing.
  void succeed();
  /// Ends the span with an error; later calls do nothing.
  void fail(const Error& error);

 private:
  friend class Tracer;
  struct Reporter;
  OperationSpan(std::shared_ptr<const Reporter> reporter, Operation operation);
  void finish(const Error* error);

  std::shared_ptr<const Reporter> reporter_;
  SpanRecord record_;
  std::shared_ptr<const std::string> statement_;
  bool open_ = true;
};

/// Makes spans for one endpoint. A span may outlive it (a completion on its way when an engine ends): nobody
/// is left to be told then, and the span ends in silence. Thread safe as far as its sink and clock are.
class Tracer {
 public:
  Tracer(const Clock& clock, Sink& sink, std::string system, std::string endpoint);
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  ~Tracer();

  /// Begins an operation.
  OperationSpan start(Operation operation) const;
  /// Reports a change of state of this endpoint.
  void note_state(std::string_view subject, std::string_view from, std::string_view to) const;

  const std::string& endpoint() const;
  const std::string& system() const;

 private:
  std::shared_ptr<OperationSpan::Reporter> reporter_;
};

}  // namespace bridge::telemetry
