// The native module's table of contents.
#include <nanobind/nanobind.h>

#include "bindings/arrow_rows.h"
#include "bindings/column_descriptor.h"
#include "bindings/ffi_guard.h"
#include "bindings/host.h"
#include "bindings/instance_type.h"
#include "bindings/load_group.h"
#include "bindings/nodes.h"
#include "bindings/pending_call.h"
#include "bindings/pending_type.h"
#include "bindings/python_types.h"

namespace bridge::python {
namespace {

void close_hosts_at_exit() { close_all_hosts(); }

constexpr const char* kCloseHosts = "_close_hosts";

// Before the interpreter is taken apart nothing of ours may run any more.
void close_hosts_before_exit(nb::module_& module) {
  def_guarded(module, kCloseHosts, &close_hosts_at_exit);
  nb::module_::import_("atexit").attr("register")(module.attr(kCloseHosts));
  nb::delattr(module, kCloseHosts);
}

}  // namespace

NB_MODULE(_engine, module) {
  nb::set_leak_warnings(
      false);  // objects that live until the process ends are no leak; tests/boundary looks for real ones
  PyObject* const self = module.ptr();
  if (!load_python_types() || !add_instance_type(self) || !add_column_descriptor_type(self) ||
      !add_load_group_type(self) || !add_pending_type(self) || !add_pending_call_type(self)) {
    throw nb::python_error();
  }
  bind_errors(module);
  bind_types(module);
  bind_tables(module);
  bind_nodes(module);
  bind_aggregates(module);
  bind_sources(module);
  bind_statements(module);
  bind_versions(module);
  bind_writes(module);
  bind_plans(module);
  bind_instances(module);
  bind_identity(module);
  bind_relations(module);
  bind_inserting(module);
  bind_bulk_writes(module);
  bind_bulk_rows(module);
  bind_host(module);
  bind_engine(module);
  bind_transaction(module);
  bind_streams(module);
  bind_arrow(module);
  bind_arrow_rows(module);
  close_hosts_before_exit(module);
}

}  // namespace bridge::python
