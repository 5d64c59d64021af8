// Host: one native loop and who drives it.
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/python_engine.h"

namespace bridge::python {
namespace {

void construct(PythonHost* self, nb::handle loop) {
  Result<std::shared_ptr<Host>> made = loop.is_none() ? make_thread_host() : make_asyncio_host(loop.ptr());
  if (!made) return raise_error(made.error());
  new (self) PythonHost{std::move(made).value()};
}

void close(PythonHost& self) { self.host->close(); }
bool is_owner(const PythonHost& self) { return self.host->is_owner(); }
bool is_in_place(const PythonHost& self) { return self.host->is_in_place(); }

}  // namespace

void bind_host(nb::module_& module) {
  nb::class_<PythonHost> host(module, "Host", nb::is_final());
  def_guarded(host, "__init__", &construct, nb::arg("loop").none());
  def_guarded(host, "close", &close);
  def_property_guarded(host, "is_owner", &is_owner);
  def_property_guarded(host, "is_in_place", &is_in_place);
}

}  // namespace bridge::python
