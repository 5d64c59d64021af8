// Registration of error classes, and the closed list of codes.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

void register_errors(const nb::dict& classes) { static_cast<void>(register_error_classes(classes.ptr())); }

std::vector<std::pair<std::string, bool>> error_codes() {
  return {
#define BRIDGE_PAIR(enumerator, name, kind, retryable) {name, retryable},
      BRIDGE_ERROR_CODES(BRIDGE_PAIR)
#undef BRIDGE_PAIR
  };
}

}  // namespace

void bind_errors(nb::module_& module) {
  def_guarded(module, "register_errors", &register_errors, nb::arg("classes"));
  def_guarded(module, "error_codes", &error_codes);
}

}  // namespace bridge::python
