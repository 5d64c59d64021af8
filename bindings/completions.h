// What happens when an operation ends: its pending result is settled, exactly once, whatever became of the
// engine.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "bindings/ffi_guard.h"
#include "bindings/pending_type.h"
#include "engine/driver/driver.h"

namespace bridge::python {

/// Makes the result of an operation that ended well; empty with a Python error set otherwise.
using MakeResult = std::function<Reference(const driver::Outcome& outcome)>;
/// The Python exception behind an engine error, if Python code caused it.
using FindCause = std::function<Reference()>;

/// Holds a pending result until it is settled. Dropped unsettled (the engine was closed at once) it settles
/// it with PoolClosedError.
class Ticket {
 public:
  explicit Ticket(PendingObject* pending) : pending_(Reference::borrow(as_object(pending))) {}
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  PendingObject* pending() const {
    return reinterpret_cast<PendingObject*>(pending_.get());  // SAFETY: the constructor took a PendingObject
  }

 private:
  Reference pending_;
};

/// A completion for the entry called `name`. Callable from the loop's thread with or without the lock.
template <typename Value, typename Finish>
std::function<void(Result<Value>)> make_completion(const char* name, PendingObject* pending, Finish finish) {
  auto ticket = std::make_shared<Ticket>(pending);
  return guarded_completion<Result<Value>>(
      name, [ticket = std::move(ticket), finish = std::move(finish)](Result<Value> result) {
        finish(ticket->pending(), std::move(result));
      });
}

/// The usual completion of a statement: `make_result` on success, `find_cause` or the translated error
/// otherwise.
std::function<void(Result<driver::Outcome>)> make_outcome_completion(const char* name, PendingObject* pending,
                                                                     MakeResult make_result,
                                                                     FindCause find_cause);
/// One whose result is None.
std::function<void(Result<driver::Outcome>)> make_none_completion(const char* name, PendingObject* pending);

}  // namespace bridge::python
