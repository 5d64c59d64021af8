// A value or an Error, which cannot be ignored.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "engine/base/error.h"

namespace bridge {

/// Holds a `T` or the Error that kept it from being made.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): `return error;` is the point
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success, or the Error that kept it from happening.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `return error;` is the point
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

#define BRIDGE_JOIN_INNER(left, right) left##right
#define BRIDGE_JOIN(left, right) BRIDGE_JOIN_INNER(left, right)

/// `BRIDGE_RETURN_IF_ERROR(expression)`: hands the Error of a Status or Result to the caller.
#define BRIDGE_RETURN_IF_ERROR(expression)                       \
  do {                                                           \
    auto bridge_status = (expression);                           \
    if (!bridge_status) return std::move(bridge_status).error(); \
  } while (false)

/// `BRIDGE_ASSIGN_OR_RETURN(auto name, expression)`: takes the value, or hands the Error to the caller.
#define BRIDGE_ASSIGN_OR_RETURN(target, expression) \
  BRIDGE_ASSIGN_OR_RETURN_INNER(BRIDGE_JOIN(bridge_result_, __LINE__), target, expression)
#define BRIDGE_ASSIGN_OR_RETURN_INNER(temporary, target, expression) \
  auto temporary = (expression);                                     \
  if (!temporary) return std::move(temporary).error();               \
  target = std::move(temporary).value()

}  // namespace bridge
