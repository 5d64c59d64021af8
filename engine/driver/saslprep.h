// The one spelling of a password that client and server hash (RFC 4013).
#pragma once

#include "engine/base/secret.h"

namespace bridge::driver {

/// The password as SCRAM hashes it. Spaces of every kind become the ASCII one, characters that show nothing
/// vanish, and spellings that only look different become one (NFKC). What the profile has no answer for is
/// used as it was given, as PostgreSQL does on its side: bytes that are no UTF-8, text with prohibited or (in
/// Unicode 3.2) unassigned characters, with mixed directions, or with nothing left. No copy outlives the call
/// but the result.
Secret prepare_password(const Secret& password);

}  // namespace bridge::driver
