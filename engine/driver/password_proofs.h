// Proofs of a password in the MySQL family: hashes of it and the server's scramble, or the password under the
// server's key.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace bridge::driver {

// Each is kAuthentication where the crypto library refuses. An empty password proves itself by nothing at
// all, which is the caller's case.

/// `caching_sha2_password`, short path: SHA256(p) xor SHA256(SHA256(SHA256(p)) + scramble).
Result<std::string> make_sha256_proof(const Secret& password, std::string_view scramble);
/// `mysql_native_password`: SHA1(p) xor SHA1(scramble + SHA1(SHA1(p))).
Result<std::string> make_sha1_proof(const Secret& password, std::string_view scramble);
/// The password and a NUL, xored with the scramble and encrypted by RSA with OAEP for a key in PEM: what the
/// SHA-256 methods send where there is no TLS. Whoever gave the key can read the password.
Result<std::string> encrypt_password(const Secret& password, std::string_view scramble, std::string_view key);
/// MariaDB's `parsec`: an Ed25519 signature of scramble and nonce, by the key that PBKDF2 makes of the
/// password with `salt`. Slow; any thread.
Result<std::string> sign_by_password(const Secret& password, std::string_view salt, unsigned iterations,
                                     std::string_view message);

}  // namespace bridge::driver
