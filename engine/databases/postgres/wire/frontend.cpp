// protocol: 55.7 Message Formats, the messages marked (F).
#include "engine/databases/postgres/wire/frontend.h"

namespace bridge::postgres::wire {
namespace {

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

Error refuse_nul() { return make_error(ErrorCode::kDataRejected, "PostgreSQL accepts no NUL in text"); }

void write_empty(ByteWriter& out, Frontend type) {
  out.write_byte(static_cast<std::uint8_t>(type));
  out.write_big_endian(static_cast<std::int32_t>(kLengthSize));
}

Status write_text_message(ByteWriter& out, Frontend type, std::string_view text, bool with_end) {
  MessageWriter message(out, type);
  message.body().write_text(text);
  if (with_end) message.body().write_byte(0);
  return message.finish();
}

Status write_target(ByteWriter& out, Frontend type, char target, std::string_view name) {
  if (has_nul(name)) return refuse_nul();
  MessageWriter message(out, type);
  message.body().write_byte(static_cast<std::uint8_t>(target));
  message.body().write_c_string(name);
  return message.finish();
}

}  // namespace

MessageWriter::MessageWriter(ByteWriter& out, Frontend type) : out_(out), start_(out.size()) {
  out_.write_byte(static_cast<std::uint8_t>(type));
  out_.reserve_length();
}

Status MessageWriter::finish() {
  if (out_.fill_length(start_ + 1, 0) && out_.size() - start_ <= kMaxMessageSent) return {};
  out_.truncate(start_);
  return make_error(ErrorCode::kDataRejected,
                    "a statement with its values exceeds what one PostgreSQL message can carry");
}

Status write_startup(ByteWriter& out, const StartupParameters& parameters) {
  const std::size_t start = out.reserve_length();
  out.write_big_endian(kProtocolVersion);
  for (const auto& [name, value] : parameters) {
    if (has_nul(name) || has_nul(value)) {
      out.truncate(start);
      return refuse_nul();
    }
    out.write_c_string(name);
    out.write_c_string(value);
  }
  out.write_byte(0);
  if (out.size() - start <= kMaxStartupBytes && out.fill_length(start, 0)) return {};
  out.truncate(start);
  return make_error(ErrorCode::kConfiguration, "the startup parameters are too long");
}

void write_tls_request(ByteWriter& out) {
  out.write_big_endian(static_cast<std::int32_t>(kLengthSize + sizeof(kTlsRequestCode)));
  out.write_big_endian(kTlsRequestCode);
}

void write_cancel_request(ByteWriter& out, const BackendKey& key) {
  const std::size_t fixed = kLengthSize + sizeof(kCancelRequestCode) + sizeof(key.process);
  out.write_big_endian(static_cast<std::int32_t>(fixed + key.secret.size()));
  out.write_big_endian(kCancelRequestCode);
  out.write_big_endian(key.process);
  out.write_bytes(key.secret);
}

Status write_password(ByteWriter& out, const Secret& password) {
  if (has_nul(password.reveal())) return refuse_nul();
  return write_text_message(out, Frontend::kPassword, password.reveal(), true);
}

Status write_md5_answer(ByteWriter& out, std::string_view answer) {
  return write_text_message(out, Frontend::kPassword, answer, true);
}

Status write_sasl_initial(ByteWriter& out, std::string_view mechanism, std::string_view text) {
  MessageWriter message(out, Frontend::kPassword);
  message.body().write_c_string(mechanism);
  const std::size_t place = message.body().reserve_length();
  message.body().write_text(text);
  if (!message.body().fill_length(place, kLengthSize)) return out_of_step("an over-long login message");
  return message.finish();
}

Status write_sasl_response(ByteWriter& out, std::string_view message) {
  return write_text_message(out, Frontend::kPassword, message, false);
}

Status write_simple_query(ByteWriter& out, std::string_view text) {
  if (has_nul(text)) return refuse_nul();
  return write_text_message(out, Frontend::kQuery, text, true);
}

Status write_parse(ByteWriter& out, std::string_view name, std::string_view text,
                   std::span<const std::uint32_t> types) {
  if (has_nul(name) || has_nul(text)) return refuse_nul();
  std::uint16_t count = 0;
  if (!narrow(types.size(), count))
    return make_error(ErrorCode::kQuery, "PostgreSQL takes at most 65535 parameters");
  MessageWriter message(out, Frontend::kParse);
  message.body().write_c_string(name);
  message.body().write_c_string(text);
  message.body().write_big_endian(count);
  for (const std::uint32_t type : types) message.body().write_big_endian(type);
  return message.finish();
}

Status write_describe_statement(ByteWriter& out, std::string_view name) {
  return write_target(out, Frontend::kDescribe, kStatementTarget, name);
}

Status write_close_statement(ByteWriter& out, std::string_view name) {
  return write_target(out, Frontend::kClose, kStatementTarget, name);
}

Status write_close_portal(ByteWriter& out, std::string_view name) {
  return write_target(out, Frontend::kClose, kPortalTarget, name);
}

void write_execute(ByteWriter& out) {
  constexpr std::int32_t kNoRowLimit = 0;
  constexpr std::size_t kBodySize = 1 + sizeof(kNoRowLimit);  // the unnamed portal is one NUL
  out.write_byte(static_cast<std::uint8_t>(Frontend::kExecute));
  out.write_big_endian(static_cast<std::int32_t>(kLengthSize + kBodySize));
  out.write_byte(0);
  out.write_big_endian(kNoRowLimit);
}

Status write_execute_part(ByteWriter& out, std::string_view portal, std::size_t most_rows) {
  if (has_nul(portal)) return refuse_nul();
  std::int32_t limit = 0;
  if (most_rows == 0 || !narrow(most_rows, limit))
    return make_error(ErrorCode::kQuery, "PostgreSQL gives between 1 and 2147483647 rows at a time");
  MessageWriter message(out, Frontend::kExecute);
  message.body().write_c_string(portal);
  message.body().write_big_endian(limit);
  return message.finish();
}

void write_sync(ByteWriter& out) { write_empty(out, Frontend::kSync); }
void write_flush(ByteWriter& out) { write_empty(out, Frontend::kFlush); }
void write_terminate(ByteWriter& out) { write_empty(out, Frontend::kTerminate); }
void write_copy_done(ByteWriter& out) { write_empty(out, Frontend::kCopyDone); }

Status write_copy_fail(ByteWriter& out, std::string_view reason) {
  if (has_nul(reason)) return refuse_nul();
  return write_text_message(out, Frontend::kCopyFail, reason, true);
}

}  // namespace bridge::postgres::wire
