// Reads what the server sends: message borders first, then each message's fields, everything checked, nothing
// allocated by a claimed length.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/postgres/wire/constants.h"
#include "engine/driver/cell_decoder.h"
#include "engine/driver/server_error.h"

namespace bridge::postgres::wire {

/// One whole message. Borrows the received bytes.
struct Message {
  Backend type{};
  ByteSpan body;
  std::size_t size = 0;  ///< with header
};

/// The message at the start of `received`, or nothing while it is incomplete. kConnectionLost for a length
/// below its minimum or above the cap of its kind, as soon as the header is there.
Result<std::optional<Message>> next_message(ByteSpan received, std::size_t cap);

/// One column of RowDescription. `name` borrows.
struct ColumnDescription {
  std::string_view name;
  std::uint32_t type = 0;
  std::int32_t modifier = -1;
  std::int16_t format = kTextFormat;
};

// Each fails with kConnectionLost when the body is not exactly what the manual says: the stream is out of
// step then.
Result<std::vector<ColumnDescription>> parse_row_description(ByteSpan body);
Result<std::vector<std::uint32_t>> parse_parameter_description(ByteSpan body);
/// Appends `columns` cells; false when their count or a length is wrong.
bool append_row(ByteSpan body, std::size_t columns, std::vector<driver::Cell>& cells);
/// The count at the end of a command tag (`INSERT 0 5`, `SELECT 3`), 0 where there is none.
Result<std::int64_t> parse_command_complete(ByteSpan body);
Result<TransactionStatus> parse_ready(ByteSpan body);
/// Fields beyond the bounds are cut, unknown ones skipped, missing ones empty. Cut copies end at a
/// character's border.
Result<driver::ServerError> parse_server_error(ByteSpan body);

/// A setting the server reports, at connect and whenever it changes. Views into the message.
struct ParameterStatus {
  std::string_view name;
  std::string_view value;
};
Result<ParameterStatus> parse_parameter_status(ByteSpan body);

/// What a cancel request must quote.
struct BackendKey {
  std::int32_t process = 0;
  std::vector<std::byte> secret;
};
Result<BackendKey> parse_backend_key(ByteSpan body);

/// The error for a server that breaks the protocol; the connection must not be used any more.
Error out_of_step(std::string_view what);

}  // namespace bridge::postgres::wire
