// A signature by a password itself, as MariaDB's older method wants it; the arithmetic is libsodium's.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace bridge::driver {

/// MariaDB's `ed25519`: RFC 8032, section 5.1.6, with the password where the private key stands, whatever its
/// length. libsodium is loaded when this is called for the first time; kConfiguration, saying so, where the
/// machine has none. Any thread.
Result<std::string> sign_by_plain_password(const Secret& password, std::string_view message);

}  // namespace bridge::driver
