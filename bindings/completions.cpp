// Settles pending results.
#include "bindings/completions.h"

namespace bridge::python {

Ticket::~Ticket() {
  if (!may_touch_python()) return;
  const GilHeld gil;
  if (pending()->is_done) return;
  fail_pending(pending(),
               make_error(ErrorCode::kPoolClosed, "the database was closed before the operation ended"));
}

std::function<void(Result<driver::Outcome>)> make_outcome_completion(const char* name, PendingObject* pending,
                                                                     MakeResult make_result,
                                                                     FindCause find_cause) {
  return make_completion<driver::Outcome>(
      name, pending,
      [make_result = std::move(make_result), find_cause = std::move(find_cause)](
          PendingObject* target, Result<driver::Outcome> result) {
        Reference cause = find_cause ? find_cause() : Reference();
        if (cause) return fail_pending(target, std::move(cause));
        if (!result) return fail_pending(target, result.error());
        settle_pending(target, make_result(result.value()));
      });
}

std::function<void(Result<driver::Outcome>)> make_none_completion(const char* name, PendingObject* pending) {
  return make_outcome_completion(
      name, pending, [](const driver::Outcome&) { return Reference::borrow(Py_None); }, nullptr);
}

}  // namespace bridge::python
