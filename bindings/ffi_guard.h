// The only way to define what Python can call: names the entry and lets nothing but Python exceptions out.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "engine/base/result.h"

namespace bridge::python {

namespace nb = nanobind;

/// Raises InternalError for what was thrown; must be called inside a catch block.
inline void report_thrown(const char* entry) noexcept {
  try {
    throw;
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    raise_error(ErrorCode::kInternal, std::string(entry) + ": " + error.what());
  } catch (...) {
    raise_error(ErrorCode::kInternal, std::string(entry) + ": something unknown was thrown");
  }
}

/// What a guarded function gives to Python: a Result is unwrapped, its error raised; an empty object means
/// that a Python error is set.
template <typename Value>
struct Unwrapped {
  using type = Value;
  static Value unwrap(Value value) {
    if constexpr (std::is_base_of_v<nb::handle, Value>) {
      if (!value.is_valid()) throw nb::python_error();
    }
    return value;
  }
};
template <typename Value>
struct Unwrapped<Result<Value>> {
  using type = Value;
  static Value unwrap(Result<Value> result) {
    if (!result) {
      raise_error(result.error());
      throw nb::python_error();
    }
    if constexpr (!std::is_void_v<Value>) return std::move(result).value();
  }
};

/// Runs `body` for the entry called `name`.
template <typename Body>
auto run_guarded(const char* name, Body&& body) {
  using Return = std::invoke_result_t<Body>;
  try {
    if constexpr (std::is_void_v<Return>) {
      body();
      if (PyErr_Occurred() != nullptr) throw nb::python_error();
    } else {
      return Unwrapped<Return>::unwrap(body());
    }
  } catch (const nb::builtin_exception&) {
    throw;  // nanobind's own TypeError and overload resolution
  } catch (...) {
    report_thrown(name);
    throw nb::python_error();
  }
}

template <typename Return, typename... Arguments>
auto make_guarded(const char* name, Return (*function)(Arguments...)) {
  return [name, function](Arguments... arguments) {
    return run_guarded(name, [&]() -> Return { return function(std::forward<Arguments>(arguments)...); });
  };
}

/// Defines a function of a module or a method of a class. `name` must be a literal.
template <typename Scope, typename Return, typename... Arguments, typename... Extra>
void def_guarded(Scope& scope, const char* name, Return (*function)(Arguments...), const Extra&... extra) {
  scope.def(name, make_guarded(name, function), extra...);
}

/// Defines a read-only property.
template <typename Class, typename Return, typename Self>
void def_property_guarded(Class& scope, const char* name, Return (*getter)(Self)) {
  scope.def_prop_ro(name, make_guarded(name, getter));
}

/// A name as a template argument.
template <std::size_t kSize>
struct EntryName {
  consteval EntryName(const char (
      &source)[kSize]) {  // NOLINT(google-explicit-constructor): written as a literal where it is used
    for (std::size_t index = 0; index < kSize; ++index) text[index] = source[index];
  }
  char text[kSize];
};

template <EntryName kName, auto kFunction>
struct GuardedSlot;

template <EntryName kName, typename Return, typename... Arguments, Return (*kFunction)(Arguments...)>
struct GuardedSlot<kName, kFunction> {
  static Return call(Arguments... arguments) noexcept {
    try {
      return kFunction(arguments...);
    } catch (...) {
      report_thrown(kName.text);
      if constexpr (std::is_void_v<Return>) {
        PyErr_WriteUnraisable(nullptr);
      } else if constexpr (std::is_pointer_v<Return>) {
        return nullptr;
      } else if constexpr (std::is_enum_v<Return>) {
        return static_cast<Return>(-1);
      } else {
        return -1;
      }
    }
  }
};

/// A slot or method of a C-API type: the same function, from which nothing is thrown. Usable as a PyType_Slot
/// or PyMethodDef entry.
template <EntryName kName, auto kFunction>
// SAFETY: CPython keeps slots as void pointers
inline void* guarded_slot = reinterpret_cast<void*>(&GuardedSlot<kName, kFunction>::call);
template <EntryName kName, auto kFunction>
inline PyCFunction guarded_method = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(
    &GuardedSlot<kName, kFunction>::call));  // SAFETY: called back by its ml_flags

/// Wraps what the engine calls when something is finished: takes the interpreter lock, lets nothing out, and
/// is silent once the interpreter is gone.
template <typename Argument, typename Body>
auto guarded_completion(const char* name, Body body) {
  return [name, body = std::move(body)](Argument argument) noexcept {
    if (!may_touch_python()) return;
    const GilHeld gil;
    try {
      body(std::move(argument));
    } catch (...) {
      report_thrown(name);
    }
    if (PyErr_Occurred() != nullptr) PyErr_WriteUnraisable(nullptr);
  };
}

}  // namespace bridge::python
