// A request on its way through a MySQL session.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "engine/databases/mysql/wire/replies.h"
#include "engine/driver/row_batch.h"
#include "engine/driver/stream_connection.h"

namespace bridge::mysql {

/// A statement as the server knows it.
struct PreparedStatement {
  std::uint64_t serial = 0;
  std::uint32_t number = 0;  ///< the server's
  std::size_t parameters = 0;
  std::vector<driver::ResultColumn> columns;
  wire::RowShape shape;
};
using PreparedPtr = std::shared_ptr<PreparedStatement>;

/// The commands of an insert whose rows are read back, in the order they are sent.
enum class Part : std::uint8_t { kOpening, kInsert, kReading, kClosing };

/// From `execute` to its completion.
struct ActiveRequest : driver::StreamRequest {
  PreparedPtr prepared;            ///< null until prepared
  bool is_only_preparing = false;  ///< under way to be prepared, to run afterwards
  bool was_healed = false;
  bool is_only_opening = false;  ///< under way with what must be said before it, to run afterwards
  bool is_opened = false;
  bool is_text_alone = false;  ///< the server does not prepare such a statement
  bool has_more = false;       ///< of a cursor: rows are left
  std::int64_t rows = 0;
  PreparedPtr reading;                ///< reads the inserted rows back; null until prepared
  bool is_preparing_reading = false;  ///< what is under way to be prepared is `reading`
  std::deque<Part> parts;             ///< whose answers are awaited; empty for any other request

  bool is_reading() const {
    return is_preparing_reading || (!parts.empty() && parts.front() == Part::kReading);
  }
  /// What the next answer belongs to.
  const sql::CompiledStatement& answered_statement() const {
    return is_reading() ? *request.statement->rereading->query : *request.statement;
  }
  PreparedPtr& answered_preparation() { return is_reading() ? reading : prepared; }
};

}  // namespace bridge::mysql
