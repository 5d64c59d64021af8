// Reads what the server sends, message by message, everything checked, nothing allocated by a claimed length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/mysql/wire/constants.h"
#include "engine/driver/server_error.h"

namespace bridge::mysql::wire {

/// The first thing a server says. Views into the message.
struct Greeting {
  std::string_view version;  ///< as the server wrote it
  std::uint32_t thread = 0;  ///< what KILL QUERY must name
  std::uint32_t capabilities = 0;
  std::uint32_t mariadb_capabilities = 0;  ///< none unless it is a MariaDB
  std::uint16_t status = 0;
  std::string scramble;  ///< kScrambleSize bytes
  std::string_view method;

  bool is_mariadb() const { return (capabilities & kLongPassword) == 0; }
};

/// How a statement ended that returns no rows, or how its rows ended.
struct Ending {
  std::uint64_t affected_rows = 0;
  std::uint64_t last_insert_id = 0;
  std::optional<std::uint64_t> matched_rows{};  ///< of an update: those it changed and those it left
  std::optional<std::uint64_t> given_rows{};    ///< of an insert of several: those there already, too
  std::uint16_t status = 0;
  std::uint16_t warnings = 0;
};

/// What the server says of a column. `name` borrows.
struct ColumnDescription {
  std::string_view name;
  FieldType type = FieldType::kNull;
  std::uint16_t flags = 0;
  std::uint16_t charset = 0;
  std::uint32_t length = 0;   ///< most bytes of a value
  std::uint8_t decimals = 0;  ///< digits behind the point, of numbers and seconds
  /// What MariaDB keeps beyond the protocol's types (`uuid`, `inet6`, `json`); empty elsewhere.
  std::string_view extended_type;
};

/// A statement that has been prepared.
struct PreparedHeader {
  std::uint32_t statement = 0;
  std::uint16_t columns = 0;
  std::uint16_t parameters = 0;
};

// Each fails with kConnectionLost when the payload is not exactly what the manuals say: the stream is out of
// step then.

/// kConnectFailed, with its name and version, for a server that is too old to be spoken to.
Result<Greeting> parse_greeting(ByteSpan payload);
/// Both the OK packet and, where the client asked for it, the packet that ends rows.
Result<Ending> parse_ok(ByteSpan payload);
/// The older packet that ends columns or rows.
Result<Ending> parse_end(ByteSpan payload);
/// `has_extended_type` where MariaDB was asked for its extended metadata.
Result<ColumnDescription> parse_column(ByteSpan payload, bool has_extended_type);
Result<PreparedHeader> parse_prepared(ByteSpan payload);
/// Fields beyond the bounds are cut; before the login has ended servers give no SQLSTATE. `routine` holds the
/// error number as text: several errors share one SQLSTATE.
Result<driver::ServerError> parse_report(ByteSpan payload);

/// The first byte, or kMoreProof for an empty payload, which no message is.
Header header_of(ByteSpan payload);
/// Whether a packet that begins like an end is one: rows can begin so, too, but are longer. With
/// `ends_with_ok` the end is as long as an OK may be, and only a full packet is a row.
bool is_end(ByteSpan payload, bool ends_with_ok);

}  // namespace bridge::mysql::wire
