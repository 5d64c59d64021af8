// A request on its way through a PostgreSQL session.
#pragma once

#include <vector>

#include "engine/databases/postgres/prepared_statement.h"
#include "engine/databases/postgres/wire/pipeline.h"
#include "engine/driver/stream_connection.h"

namespace bridge::postgres {

/// From `execute` to its completion.
struct ActiveRequest : driver::StreamRequest {
  std::vector<types::Value> row;   ///< of a bulk load: the row in hand
  PreparedPtr prepared;            ///< null until described
  std::uint64_t group = 0;         ///< Sync it stands under
  bool is_only_preparing = false;  ///< under way to be described, to run afterwards
  bool was_healed = false;
  bool was_skipped = false;
  bool needs_own_sync = false;
  bool has_copy_ended = false;
  bool is_unsynced = false;   ///< of a cursor outside a transaction: no Sync stands behind it yet
  bool is_suspended = false;  ///< of a cursor: its portal has more rows
  std::int64_t rows = 0;
};

}  // namespace bridge::postgres
