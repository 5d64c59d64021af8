// Spans that report exactly once.
#include "engine/telemetry/tracer.h"

#include <utility>

namespace bridge::telemetry {
namespace {

// Reported when an operation vanished without saying how it went: a defect worth seeing, not hiding.
const Error& unfinished_error() {
  static const Error error =
      make_error(ErrorCode::kInternal, "the operation ended without telling how it went");
  return error;
}

}  // namespace

/// What spans keep of the tracer that made them. `sink` is null once that tracer is gone.
struct OperationSpan::Reporter {
  const Clock& clock;
  Sink* sink;
  std::string system;
  std::string endpoint;
};

OperationSpan::OperationSpan(std::shared_ptr<const Reporter> reporter, Operation operation)
    : reporter_(std::move(reporter)), record_{} {
  record_.operation = operation;
  record_.system = reporter_->system;
  record_.endpoint = reporter_->endpoint;
  record_.started = reporter_->clock.now();
}

OperationSpan::OperationSpan(OperationSpan&& other) noexcept
    : reporter_(std::move(other.reporter_)),
      record_(other.record_),
      statement_(std::move(other.statement_)),
      open_(std::exchange(other.open_, false)) {}

OperationSpan::~OperationSpan() { finish(&unfinished_error()); }

void OperationSpan::set_statement(std::shared_ptr<const std::string> text) {
  statement_ = std::move(text);
  record_.statement = *statement_;
}

void OperationSpan::succeed() { finish(nullptr); }

void OperationSpan::fail(const Error& error) { finish(&error); }

void OperationSpan::finish(const Error* error) {
  if (!std::exchange(open_, false) || reporter_->sink == nullptr) return;
  record_.error = error;
  record_.duration = reporter_->clock.now() - record_.started;
  reporter_->sink->on_span(record_);
}

Tracer::Tracer(const Clock& clock, Sink& sink, std::string system, std::string endpoint)
    : reporter_(std::make_shared<OperationSpan::Reporter>(
          OperationSpan::Reporter{clock, &sink, std::move(system), std::move(endpoint)})) {}

Tracer::~Tracer() { reporter_->sink = nullptr; }

OperationSpan Tracer::start(Operation operation) const { return OperationSpan(reporter_, operation); }

const std::string& Tracer::endpoint() const { return reporter_->endpoint; }

const std::string& Tracer::system() const { return reporter_->system; }

void Tracer::note_state(std::string_view subject, std::string_view from, std::string_view to) const {
  reporter_->sink->on_state(StateRecord{reporter_->endpoint, subject, from, to});
}

}  // namespace bridge::telemetry
