// protocol: 55.7 Message Formats, read with one checked reader per message.
#include "engine/databases/postgres/wire/backend.h"

#include <charconv>

#include "engine/types/utf8.h"

namespace bridge::postgres::wire {
namespace {

std::size_t cap_of(Backend type, std::size_t cap) {
  switch (type) {
    case Backend::kDataRow:
    case Backend::kRowDescription:
    case Backend::kParameterDescription:
      return cap;
    case Backend::kError:
    case Backend::kNotice:
      return std::min(cap, kMaxErrorBytes);
    case Backend::kNotification:
    case Backend::kAuthentication:
    case Backend::kBackendKey:
    case Backend::kBindComplete:
    case Backend::kCloseComplete:
    case Backend::kCommandComplete:
    case Backend::kCopyInResponse:
    case Backend::kEmptyQuery:
    case Backend::kNegotiateVersion:
    case Backend::kNoRows:
    case Backend::kParameterStatus:
    case Backend::kParseComplete:
    case Backend::kPortalSuspended:
    case Backend::kReady:
      return std::min(cap, kMaxLoginBytes);
  }
  return 0;  // a type nobody knows: no length is right
}

/// A bounded copy that is valid UTF-8: reports of broken encodings must not become broken messages.
std::string bounded_copy(std::string_view text) {
  constexpr unsigned kContinuationMask = 0xC0;
  constexpr unsigned kContinuation = 0x80;
  if (text.size() > kMaxFieldBytes) {
    std::size_t end = kMaxFieldBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & kContinuationMask) == kContinuation) --end;
    text = text.substr(0, end);
  }
  if (types::is_valid_utf8(text)) return std::string(text);
  std::string replaced(text);
  for (char& letter : replaced) {
    if (static_cast<unsigned char>(letter) >= kContinuation) letter = '?';
  }
  return replaced;
}

void keep_field(driver::ServerError& error, ErrorField field, std::string_view value) {
  switch (field) {
    case ErrorField::kSeverity:
      error.severity = bounded_copy(value);
      return;
    case ErrorField::kSeverityLocalized:
      if (error.severity.empty()) error.severity = bounded_copy(value);
      return;
    case ErrorField::kCode:
      error.fields.sqlstate = bounded_copy(value);
      return;
    case ErrorField::kMessage:
      error.message = bounded_copy(value);
      return;
    case ErrorField::kDetail:
      error.fields.detail = bounded_copy(value);
      return;
    case ErrorField::kTable:
      error.fields.table = bounded_copy(value);
      return;
    case ErrorField::kColumn:
      error.fields.column = bounded_copy(value);
      return;
    case ErrorField::kConstraint:
      error.fields.constraint = bounded_copy(value);
      return;
    case ErrorField::kRoutine:
      error.routine = bounded_copy(value);
      return;
  }
}

}  // namespace

Error out_of_step(std::string_view what) {
  return make_error(ErrorCode::kConnectionLost, "the server broke the protocol: " + std::string(what));
}

Result<std::optional<Message>> next_message(ByteSpan received, std::size_t cap) {
  if (received.size() < kHeaderSize) return std::optional<Message>();
  const auto type = static_cast<Backend>(received[0]);
  const auto length = load_big_endian<std::int32_t>(received.data() + 1);
  std::size_t claimed = 0;
  if (!narrow(length, claimed) || claimed < kLengthSize || claimed > cap_of(type, cap)) {
    return out_of_step("a message of an unknown kind or an impossible length");
  }
  const std::size_t size = claimed + 1;
  if (received.size() < size) return std::optional<Message>();
  return std::optional(Message{type, received.subspan(kHeaderSize, size - kHeaderSize), size});
}

Result<std::vector<ColumnDescription>> parse_row_description(ByteSpan body) {
  ByteReader reader(body);
  const auto count = reader.read_big_endian<std::uint16_t>();
  if (reader.has_failed() || count > kMaxColumns)
    return out_of_step("a row description with too many columns");
  std::vector<ColumnDescription> columns;
  columns.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    ColumnDescription column;
    column.name = reader.read_c_string();
    reader.read_big_endian<std::uint32_t>();  // table
    reader.read_big_endian<std::uint16_t>();  // attribute number
    column.type = reader.read_big_endian<std::uint32_t>();
    reader.read_big_endian<std::int16_t>();  // size of the type
    column.modifier = reader.read_big_endian<std::int32_t>();
    column.format = reader.read_big_endian<std::int16_t>();
    if (reader.has_failed()) return out_of_step("a truncated row description");
    columns.push_back(column);
  }
  if (!reader.is_at_end()) return out_of_step("a row description with bytes left over");
  return columns;
}

Result<std::vector<std::uint32_t>> parse_parameter_description(ByteSpan body) {
  ByteReader reader(body);
  const auto count = reader.read_big_endian<std::uint16_t>();
  if (reader.has_failed() || reader.remaining() != count * sizeof(std::uint32_t)) {
    return out_of_step("a malformed parameter description");
  }
  std::vector<std::uint32_t> oids(count);
  for (auto& oid : oids) oid = reader.read_big_endian<std::uint32_t>();
  return oids;
}

bool append_row(ByteSpan body, std::size_t columns, std::vector<driver::Cell>& cells) {
  if (body.size() < sizeof(std::uint16_t) || load_big_endian<std::uint16_t>(body.data()) != columns)
    return false;
  const std::byte* cursor = body.data() + sizeof(std::uint16_t);
  const std::byte* const end = body.data() + body.size();
  for (std::size_t index = 0; index < columns; ++index) {
    if (end - cursor < static_cast<std::ptrdiff_t>(sizeof(std::int32_t))) return false;
    const auto length = load_big_endian<std::int32_t>(cursor);
    cursor += sizeof(std::int32_t);
    if (length < kNullLength || length > end - cursor) return false;
    cells.push_back({cursor, length});
    if (length > 0) cursor += length;
  }
  return cursor == end;
}

Result<std::int64_t> parse_command_complete(ByteSpan body) {
  ByteReader reader(body);
  const std::string_view tag = reader.read_c_string();
  if (!reader.is_at_end()) return out_of_step("a malformed command tag");
  const std::size_t blank = tag.rfind(' ');
  if (blank == std::string_view::npos) return std::int64_t{0};
  const std::string_view number = tag.substr(blank + 1);
  std::int64_t count = 0;
  const auto [stop, failure] = std::from_chars(number.data(), number.data() + number.size(), count);
  if (failure != std::errc() || stop != number.data() + number.size() || count < 0) return std::int64_t{0};
  return count;
}

Result<TransactionStatus> parse_ready(ByteSpan body) {
  if (body.size() == 1) {
    const auto status = static_cast<TransactionStatus>(body[0]);
    if (status == TransactionStatus::kIdle || status == TransactionStatus::kOpen ||
        status == TransactionStatus::kFailed) {
      return status;
    }
  }
  return out_of_step("a malformed ready message");
}

Result<driver::ServerError> parse_server_error(ByteSpan body) {
  ByteReader reader(body);
  driver::ServerError error;
  while (true) {
    const std::uint8_t field = reader.read_byte();
    if (reader.has_failed()) return out_of_step("a truncated report");
    if (field == 0) break;
    const std::string_view value = reader.read_c_string();
    if (reader.has_failed()) return out_of_step("a truncated report");
    keep_field(error, static_cast<ErrorField>(field), value);
  }
  if (!reader.is_at_end()) return out_of_step("a report with bytes left over");
  return error;
}

Result<ParameterStatus> parse_parameter_status(ByteSpan body) {
  ByteReader reader(body);
  ParameterStatus status;
  status.name = reader.read_c_string();
  status.value = reader.read_c_string();
  if (!reader.is_at_end()) return out_of_step("a malformed parameter status");
  return status;
}

Result<BackendKey> parse_backend_key(ByteSpan body) {
  constexpr std::size_t kMaxKeyBytes = 256;  // of protocol 3.2; four in 3.0
  ByteReader reader(body);
  BackendKey key;
  key.process = reader.read_big_endian<std::int32_t>();
  const ByteSpan secret = reader.read_rest();
  if (reader.has_failed() || secret.empty() || secret.size() > kMaxKeyBytes)
    return out_of_step("a malformed cancel key");
  key.secret.assign(secret.begin(), secret.end());
  return key;
}

}  // namespace bridge::postgres::wire
