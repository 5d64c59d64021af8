// One table of option names: the fields of PoolOptions and BreakerOptions.
#include "bindings/engine_options.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>

#include "bindings/error_translation.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

using execution::EngineOptions;
using Field = std::variant<std::size_t*, std::uint32_t*, bool*, double*, Duration*>;

struct Option {
  const char* name;
  Field field;
};

// Longest time an option can say: far beyond any use, far below what overflows nanoseconds.
constexpr double kMaxSeconds = 1e9;

Error refuse(const std::string& name, std::string_view problem) {
  return make_error(ErrorCode::kConfiguration, "option " + name + " " + std::string(problem));
}

Status set_count(const std::string& name, PyObject* value, std::uint64_t limit, std::uint64_t& count) {
  if (!PyLong_CheckExact(value)) return refuse(name, "is no int");
  count = PyLong_AsUnsignedLongLong(value);
  if (PyErr_Occurred() == nullptr && count <= limit) return {};
  PyErr_Clear();
  return refuse(name, "is out of range");
}

Status set_real(const std::string& name, PyObject* value, double& real) {
  if (!PyFloat_CheckExact(value) && !PyLong_CheckExact(value)) return refuse(name, "is no number");
  real = PyFloat_AsDouble(value);
  if (PyErr_Occurred() == nullptr && std::isfinite(real) && real >= 0 && real <= kMaxSeconds) return {};
  PyErr_Clear();
  return refuse(name, "is out of range");
}

/// Puts a Python number into the field it belongs to.
struct FieldSetter {
  const std::string& name;
  PyObject* value;

  Status operator()(std::size_t* field) const {
    std::uint64_t count = 0;
    BRIDGE_RETURN_IF_ERROR(set_count(name, value, std::numeric_limits<std::uint32_t>::max(), count));
    *field = count;
    return {};
  }
  Status operator()(std::uint32_t* field) const {
    std::uint64_t count = 0;
    BRIDGE_RETURN_IF_ERROR(set_count(name, value, std::numeric_limits<std::uint32_t>::max(), count));
    *field = static_cast<std::uint32_t>(count);
    return {};
  }
  Status operator()(bool* field) const {
    if (!PyBool_Check(value)) return refuse(name, "is no bool");
    *field = value == Py_True;
    return {};
  }
  Status operator()(double* field) const { return set_real(name, value, *field); }
  Status operator()(Duration* field) const {
    double seconds = 0;
    BRIDGE_RETURN_IF_ERROR(set_real(name, value, seconds));
    *field = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    return {};
  }
};

Status set_option(EngineOptions& options, const std::string& name, PyObject* value) {
  pool::PoolOptions& pool = options.pool;
  resilience::BreakerOptions& breaker = options.breaker;
  const Option known[] = {{"min_size", &pool.min_size},
                          {"max_size", &pool.max_size},
                          {"max_waiters", &pool.max_waiters},
                          {"acquire_timeout", &pool.acquire_timeout},
                          {"connect_timeout", &pool.connect_timeout},
                          {"max_lifetime", &pool.max_lifetime},
                          {"idle_timeout", &pool.idle_timeout},
                          {"validate_after_idle", &pool.validate_after_idle},
                          {"is_enabled", &breaker.is_enabled},
                          {"failure_rate", &breaker.failure_rate},
                          {"slow_call_rate", &breaker.slow_call_rate},
                          {"slow_call_duration", &breaker.slow_call_duration},
                          {"window", &breaker.window},
                          {"minimum_calls", &breaker.minimum_calls},
                          {"consecutive_connect_failures", &breaker.consecutive_connect_failures},
                          {"open_for", &breaker.open_for},
                          {"max_open_for", &breaker.max_open_for},
                          {"half_open_probes", &breaker.half_open_probes}};
  for (const Option& option : known) {
    if (name == option.name) return std::visit(FieldSetter{name, value}, option.field);
  }
  return make_error(ErrorCode::kConfiguration, "unknown option " + name);
}

}  // namespace

Result<EngineOptions> read_engine_options(const nanobind::dict& dict) {
  EngineOptions options;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict.ptr(), &position, &key, &value) != 0) {
    const char* name = PyUnicode_Check(key) ? PyUnicode_AsUTF8(key) : nullptr;
    if (name == nullptr) {
      PyErr_Clear();
      return make_error(ErrorCode::kConfiguration, "an option's name is no str");
    }
    BRIDGE_RETURN_IF_ERROR(set_option(options, name, value));
  }
  if (options.pool.max_size == 0 || options.pool.min_size > options.pool.max_size) {
    return make_error(ErrorCode::kConfiguration, "option max_size is zero or below min_size");
  }
  return options;
}

}  // namespace bridge::python
