// Transaction: one connection until it ends.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <string>

#include "bindings/completions.h"
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/operations.h"
#include "bindings/python_engine.h"

namespace bridge::python {
namespace {

Result<nb::object> commit(PythonTransaction& self, std::optional<double> timeout, std::uint64_t origin) {
  return start_operation(*self.handle, timeout,
                         [&](execution::Engine&, Deadline deadline, PendingObject* pending) {
                           return self.transaction->commit(
                               deadline, origin, make_none_completion("Transaction.commit", pending));
                         });
}

Result<nb::object> rollback(PythonTransaction& self, std::optional<double> timeout, std::uint64_t origin) {
  return start_operation(*self.handle, timeout,
                         [&](execution::Engine&, Deadline deadline, PendingObject* pending) {
                           return self.transaction->rollback(
                               deadline, origin, make_none_completion("Transaction.rollback", pending));
                         });
}

using SavepointStep = execution::Operation (execution::Transaction::*)(Identifier name, std::uint64_t origin,
                                                                       execution::Completion on_done);

Result<nb::object> start_savepoint_step(PythonTransaction& self, SavepointStep step, const char* entry,
                                        const std::string& name, std::uint64_t origin) {
  BRIDGE_ASSIGN_OR_RETURN(Identifier identifier, Identifier::make(name));
  return start_operation(
      *self.handle, std::nullopt, [&](execution::Engine&, Deadline, PendingObject* pending) {
        return (*self.transaction.*step)(std::move(identifier), origin, make_none_completion(entry, pending));
      });
}

Result<nb::object> savepoint(PythonTransaction& self, const std::string& name, std::uint64_t origin) {
  return start_savepoint_step(self, &execution::Transaction::savepoint, "Transaction.savepoint", name,
                              origin);
}
Result<nb::object> release(PythonTransaction& self, const std::string& name, std::uint64_t origin) {
  return start_savepoint_step(self, &execution::Transaction::release, "Transaction.release", name, origin);
}
Result<nb::object> rollback_to(PythonTransaction& self, const std::string& name, std::uint64_t origin) {
  return start_savepoint_step(self, &execution::Transaction::rollback_to, "Transaction.rollback_to", name,
                              origin);
}

bool is_open(const PythonTransaction& self) {
  return self.handle->peek() != nullptr && self.transaction->is_open();
}

}  // namespace

void bind_transaction(nb::module_& module) {
  nb::class_<PythonTransaction> transaction(module, "Transaction", nb::is_final(),
                                            nb::is_weak_referenceable());
  def_guarded(transaction, "commit", &commit, nb::arg("timeout").none(), nb::arg("origin"));
  def_guarded(transaction, "rollback", &rollback, nb::arg("timeout").none(), nb::arg("origin"));
  def_guarded(transaction, "savepoint", &savepoint, nb::arg("name"), nb::arg("origin"));
  def_guarded(transaction, "release", &release, nb::arg("name"), nb::arg("origin"));
  def_guarded(transaction, "rollback_to", &rollback_to, nb::arg("name"), nb::arg("origin"));
  def_property_guarded(transaction, "is_open", &is_open);
}

}  // namespace bridge::python
