// The one error value of the engine: a code, a sentence, and what the server said.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/error_code.h"

namespace bridge {

/// Whether the statement had left for the server when things went wrong.
enum class Sent : std::uint8_t { kNo, kYes, kUnknown };

/// What a database server reported beside its message. Empty where it said nothing.
/// `detail` may quote stored values, so it never joins the message.
struct ServerFields {
  std::string sqlstate;  ///< five characters; the database's own code as text where it has no SQLSTATE
  std::string constraint;
  std::string table;
  std::string column;
  std::string detail;
};

/// A failure. One pointer wide, so that `Result` stays cheap; move only. Never holds values or secrets in
/// `message`. Owner: whoever holds it. Not thread safe.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message)
      : body_(std::make_unique<Body>(Body{code, Sent::kNo, std::move(message)})) {}

  ErrorCode code() const { return body_->code; }
  const std::string& message() const { return body_->message; }
  Sent sent() const { return body_->sent; }
  const ServerFields& server() const { return body_->server; }
  /// Name of the operation it happened in, as in telemetry; empty until the executor adds it.
  std::string_view operation() const { return body_->operation; }
  /// When trying again may help; zero when unknown. Set by an open circuit.
  std::chrono::nanoseconds retry_after() const { return body_->retry_after; }
  ErrorKind kind() const { return to_kind(body_->code); }

  Error&& with_sent(Sent sent) && {
    body_->sent = sent;
    return std::move(*this);
  }
  Error&& with_server(ServerFields fields) && {
    body_->server = std::move(fields);
    return std::move(*this);
  }
  /// `operation` must be a static string (the names in telemetry/operation.h are).
  Error&& with_operation(std::string_view operation) && {
    body_->operation = operation;
    return std::move(*this);
  }
  Error&& with_retry_after(std::chrono::nanoseconds delay) && {
    body_->retry_after = delay;
    return std::move(*this);
  }
  Error&& with_code(ErrorCode code) && {
    body_->code = code;
    return std::move(*this);
  }

  /// A second copy, for the places where one failure ends several operations.
  Error clone() const { return Error(std::make_unique<Body>(*body_)); }

 private:
  struct Body {
    ErrorCode code;
    Sent sent;
    std::string message;
    ServerFields server{};
    std::string_view operation{};
    std::chrono::nanoseconds retry_after{0};
  };
  explicit Error(std::unique_ptr<Body> body) : body_(std::move(body)) {}

  std::unique_ptr<Body> body_;
};

/// Shortest way to make one.
inline Error make_error(ErrorCode code, std::string message) { return Error(code, std::move(message)); }

}  // namespace bridge
