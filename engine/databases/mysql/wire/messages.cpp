// protocol: MySQL, Connection Phase Packets, Generic Response Packets, Text Resultset; MariaDB, Result Set
// Packets
#include "engine/databases/mysql/wire/messages.h"

#include <algorithm>
#include <charconv>

#include "engine/databases/mysql/wire/packet.h"
#include "engine/types/utf8.h"

namespace bridge::mysql::wire {
namespace {

constexpr unsigned kHighHalf = 16;
constexpr std::size_t kReservedOfMysql = 6;
constexpr std::size_t kSqlstateSize = 5;
constexpr char kSqlstateMark = '#';
/// What MariaDB before 11 puts before its version, for replicas of very old MySQL.
constexpr std::string_view kReplicationPrefix = "5.5.5-";

// protocol: MariaDB, Column definition packet, extended metadata
constexpr std::uint8_t kExtendedTypeName = 0;
constexpr std::uint8_t kExtendedFormat = 1;

/// A number in the sentence of an acknowledgement, which sessions get in English and which alone tells it.
std::optional<std::uint64_t> number_behind(std::string_view sentence, std::string_view words) {
  const std::size_t place = sentence.find(words);
  if (place == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const std::string_view rest = sentence.substr(place + words.size());
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (failure != std::errc() || end == rest.data()) return std::nullopt;
  return number;
}

/// A bounded copy that is valid UTF-8: reports of broken encodings must not become broken messages.
std::string bounded_copy(std::string_view text) {
  std::string copy(text.substr(0, kMaxReportBytes));
  if (types::is_valid_utf8(copy)) return copy;
  constexpr unsigned kFirstBeyondAscii = 0x80;
  for (char& letter : copy) {
    if (static_cast<unsigned char>(letter) >= kFirstBeyondAscii) letter = '?';
  }
  return copy;
}

// The capabilities lie in three places, the scramble in two.
Status read_halves(ByteReader& reader, Greeting& greeting) {
  greeting.capabilities = reader.read_little_endian<std::uint16_t>();
  reader.read_byte();  // the server's own character set decides nothing
  greeting.status = reader.read_little_endian<std::uint16_t>();
  greeting.capabilities |= std::uint32_t{reader.read_little_endian<std::uint16_t>()} << kHighHalf;
  const std::size_t claimed = reader.read_byte();
  reader.read_bytes(kReservedOfMysql);
  greeting.mariadb_capabilities = reader.read_little_endian<std::uint32_t>();
  if (!greeting.is_mariadb()) greeting.mariadb_capabilities = 0;
  // The second part holds the rest of the scramble and a NUL, and is never shorter.
  const std::size_t tail = std::max(claimed, kScrambleSize + 1) - kScrambleHead;
  const std::string_view rest = to_text(reader.read_bytes(tail));
  greeting.scramble += rest.substr(0, kScrambleSize - kScrambleHead);
  if (reader.has_failed()) return out_of_step("a truncated greeting");
  return {};
}

// protocol: MariaDB, Column definition packet: kind, length, text, until the block ends
std::string_view read_extended_type(ByteReader& reader) {
  ByteReader block(read_counted(reader));
  std::string_view name;
  std::string_view format;
  while (!block.has_failed() && block.remaining() > 0) {
    const std::uint8_t kind = block.read_byte();
    const std::string_view text = to_text(read_counted(block));
    if (kind == kExtendedTypeName) name = text;
    if (kind == kExtendedFormat) format = text;
  }
  if (block.has_failed()) reader.fail();
  return name.empty() ? format : name;
}

}  // namespace

Header header_of(ByteSpan payload) {
  return payload.empty() ? Header::kMoreProof : static_cast<Header>(payload.front());
}

bool is_end(ByteSpan payload, bool ends_with_ok) {
  if (header_of(payload) != Header::kEnd) return false;
  return payload.size() < (ends_with_ok ? kFullPacket : kMaxEndSize);
}

Result<Greeting> parse_greeting(ByteSpan payload) {
  ByteReader reader(payload);
  const std::uint8_t version = reader.read_byte();
  Greeting greeting;
  greeting.version = reader.read_c_string();
  if (reader.has_failed()) return out_of_step("no greeting");
  if (version != kHandshakeVersion)
    return make_error(ErrorCode::kConnectFailed, "the server speaks protocol " + std::to_string(version) +
                                                     " only, which ended with MySQL 4");
  if (greeting.version.starts_with(kReplicationPrefix))
    greeting.version.remove_prefix(kReplicationPrefix.size());
  greeting.thread = reader.read_little_endian<std::uint32_t>();
  greeting.scramble = to_text(reader.read_bytes(kScrambleHead));
  reader.read_byte();  // filler
  BRIDGE_RETURN_IF_ERROR(read_halves(reader, greeting));
  constexpr std::uint32_t kNeeded = kProtocol41 | kSecureConnection | kPluginAuthentication;
  if ((greeting.capabilities & kNeeded) != kNeeded)
    return make_error(ErrorCode::kConnectFailed,
                      "the server is too old: it does not know the login methods of MySQL 5.5 and later");
  greeting.method = reader.read_c_string();
  if (reader.has_failed()) return out_of_step("a greeting without a login method");
  return greeting;
}

Result<Ending> parse_ok(ByteSpan payload) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  const auto affected = read_length(reader);
  const auto inserted = read_length(reader);
  Ending ending;
  ending.status = reader.read_little_endian<std::uint16_t>();
  ending.warnings = reader.read_little_endian<std::uint16_t>();
  if (reader.has_failed() || !affected || !inserted) return out_of_step("a truncated acknowledgement");
  ending.affected_rows = *affected;
  ending.last_insert_id = *inserted;
  const std::string_view sentence = to_text(reader.read_rest());
  ending.matched_rows = number_behind(sentence, "Rows matched: ");
  ending.given_rows = number_behind(sentence, "Records: ");
  return ending;
}

Result<Ending> parse_end(ByteSpan payload) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  Ending ending;
  ending.warnings = reader.read_little_endian<std::uint16_t>();
  ending.status = reader.read_little_endian<std::uint16_t>();
  if (!reader.is_at_end()) return out_of_step("a malformed end of rows");
  return ending;
}

Result<ColumnDescription> parse_column(ByteSpan payload, bool has_extended_type) {
  constexpr std::size_t kNamesBefore = 4;  // catalogue, schema, table, its original name
  constexpr std::uint64_t kFixedSize = 12;
  constexpr std::size_t kFillerSize = 2;
  ByteReader reader(payload);
  for (std::size_t index = 0; index < kNamesBefore; ++index) read_counted(reader);
  ColumnDescription column;
  column.name = to_text(read_counted(reader));
  read_counted(reader);  // the column's original name
  if (has_extended_type) column.extended_type = read_extended_type(reader);
  if (read_length(reader) != kFixedSize) return out_of_step("a malformed column");
  column.charset = reader.read_little_endian<std::uint16_t>();
  column.length = reader.read_little_endian<std::uint32_t>();
  column.type = static_cast<FieldType>(reader.read_byte());
  column.flags = reader.read_little_endian<std::uint16_t>();
  column.decimals = reader.read_byte();
  reader.read_bytes(kFillerSize);
  if (!reader.is_at_end()) return out_of_step("a malformed column");
  return column;
}

Result<PreparedHeader> parse_prepared(ByteSpan payload) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  PreparedHeader header;
  header.statement = reader.read_little_endian<std::uint32_t>();
  header.columns = reader.read_little_endian<std::uint16_t>();
  header.parameters = reader.read_little_endian<std::uint16_t>();
  reader.read_byte();  // filler
  if (reader.has_failed()) return out_of_step("a truncated answer to a statement");
  return header;  // the count of warnings may follow or not
}

Result<driver::ServerError> parse_report(ByteSpan payload) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  const auto number = reader.read_little_endian<std::uint16_t>();
  std::string_view text = to_text(reader.read_rest());
  if (reader.has_failed()) return out_of_step("a truncated report");
  driver::ServerError report;
  report.routine = std::to_string(number);
  if (!text.empty() && text.front() == kSqlstateMark && text.size() > kSqlstateSize) {
    report.fields.sqlstate = bounded_copy(text.substr(1, kSqlstateSize));
    text.remove_prefix(1 + kSqlstateSize);
  }
  report.message = bounded_copy(text);
  return report;
}

}  // namespace bridge::mysql::wire
