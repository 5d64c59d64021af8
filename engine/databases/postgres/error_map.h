// From what PostgreSQL reported to the engine's closed list of errors.
#pragma once

#include <string_view>

#include "engine/base/error.h"
#include "engine/driver/server_error.h"

namespace bridge::postgres {

/// The engine's code for an SQLSTATE. 57014 answers kCancelled: only the connection knows who asked the
/// server to stop. Pure.
ErrorCode to_error_code(const driver::ServerError& error);

/// How a flavour reads what PostgreSQL's table does not know of it.
using ErrorReader = ErrorCode (*)(const driver::ServerError& error);

/// The whole error, marked as sent. Control characters become blanks; text behind the colon of a class 22
/// message, which quotes values, is left out.
Error to_error(driver::ServerError error, ErrorReader reader = to_error_code);

/// Whether the server is there and may soon take sessions, which it does not now: starting up, recovering, or
/// shutting down.
bool takes_no_sessions_yet(const Error& error);

/// Whether the server ends the session with this report (FATAL, PANIC).
bool ends_session(const driver::ServerError& error);

}  // namespace bridge::postgres
