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

OperationSpan::OperationSpan(const Tracer& tracer, Operation operation) : tracer_(&tracer), record_{} {
  record_.operation = operation;
  record_.system = tracer.system_;
  record_.endpoint = tracer.endpoint_;
  record_.started = tracer.clock_.now();
}

OperationSpan::OperationSpan(OperationSpan&& other) noexcept
    : tracer_(other.tracer_),
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
  if (!std::exchange(open_, false)) return;
  record_.error = error;
  record_.duration = tracer_->clock_.now() - record_.started;
  tracer_->sink_.on_span(record_);
}

void Tracer::note_state(std::string_view subject, std::string_view from, std::string_view to) const {
  sink_.on_state(StateRecord{endpoint_, subject, from, to});
}

}  // namespace bridge::telemetry
