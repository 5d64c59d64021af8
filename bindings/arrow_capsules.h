// Arrow structs in the capsules of the PyCapsule interface.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "bindings/ffi_guard.h"
#include "engine/arrow/c_interface.h"

namespace bridge::python {

/// What the interface calls the capsule of a struct.
template <typename Struct>
inline constexpr const char* kCapsuleName = nullptr;
template <>
inline constexpr const char* kCapsuleName<ArrowSchema> = "arrow_schema";
template <>
inline constexpr const char* kCapsuleName<ArrowArray> = "arrow_array";
template <>
inline constexpr const char* kCapsuleName<ArrowArrayStream> = "arrow_array_stream";

/// Releases what no consumer has moved out.
template <typename Struct>
void free_capsule(PyObject* capsule) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule, kCapsuleName<Struct>));
  if (held == nullptr) return PyErr_Clear();
  if (held->release != nullptr) held->release(held);
  delete held;
}

/// A capsule that owns the struct; empty with a Python error set.
template <typename Struct>
nb::object make_capsule(std::unique_ptr<Struct> held) {
  PyObject* const capsule = PyCapsule_New(held.get(), kCapsuleName<Struct>,
                                          &GuardedSlot<"capsule.free", &free_capsule<Struct>>::call);
  if (capsule != nullptr) {
    static_cast<void>(held.release());  // the capsule's from here on
  } else if (held->release != nullptr) {
    held->release(held.get());
  }
  return nb::steal(capsule);
}

}  // namespace bridge::python
