// Writes what the client sends, message by message; a message that would exceed its length field is refused
// before a byte of it is kept.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/databases/postgres/wire/constants.h"

namespace bridge::postgres::wire {

using StartupParameters = std::vector<std::pair<std::string, std::string>>;

/// A message under construction: opened with its type, closed once with `finish`, which takes it back when it
/// is too long.
class MessageWriter {
 public:
  MessageWriter(ByteWriter& out, Frontend type);
  ByteWriter& body() { return out_; }
  /// kDataRejected when the message exceeds what the protocol can carry; the writer is as before then.
  Status finish();

 private:
  ByteWriter& out_;
  std::size_t start_;
};

// Names and texts must not contain NUL: it would end them early, so it is refused with kDataRejected.
Status write_startup(ByteWriter& out, const StartupParameters& parameters);
void write_tls_request(ByteWriter& out);
void write_cancel_request(ByteWriter& out, const BackendKey& key);
Status write_password(ByteWriter& out, const Secret& password);
Status write_md5_answer(ByteWriter& out, std::string_view answer);
Status write_sasl_initial(ByteWriter& out, std::string_view mechanism, std::string_view message);
Status write_sasl_response(ByteWriter& out, std::string_view message);

/// For statements of the driver's own, without values.
Status write_simple_query(ByteWriter& out, std::string_view text);
/// Types are left to the server to infer, except those given.
Status write_parse(ByteWriter& out, std::string_view name, std::string_view text,
                   std::span<const std::uint32_t> types);
Status write_describe_statement(ByteWriter& out, std::string_view name);
Status write_close_statement(ByteWriter& out, std::string_view name);
Status write_close_portal(ByteWriter& out, std::string_view name);
/// Runs the unnamed portal to its end.
void write_execute(ByteWriter& out);
/// Runs a portal until it has given so many rows more.
Status write_execute_part(ByteWriter& out, std::string_view portal, std::size_t most_rows);
void write_sync(ByteWriter& out);
void write_flush(ByteWriter& out);
void write_terminate(ByteWriter& out);
void write_copy_done(ByteWriter& out);
Status write_copy_fail(ByteWriter& out, std::string_view reason);

}  // namespace bridge::postgres::wire
