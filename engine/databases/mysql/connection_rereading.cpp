// Inserts that give rows back, which the server does not: they are read again behind the insert, all in one
// go.
#include <utility>

#include "engine/databases/mysql/connection.h"
#include "engine/databases/mysql/encode.h"
#include "engine/databases/mysql/type_map.h"

namespace bridge::mysql {
namespace {

// An insert that fails has done nothing, so that committing behind it, too, is sent without waiting.
constexpr std::string_view kOpening = "START TRANSACTION";
constexpr std::string_view kClosing = "COMMIT";

/// The number as a column of the binary protocol.
Result<driver::ResultColumn> describe_number(const sql::ExpectedColumn& expected) {
  wire::ColumnDescription description;
  description.name = expected.name;
  description.type = wire::FieldType::kLongLong;
  description.flags = wire::kUnsignedFlag;
  return meet_column(description, &expected);
}

}  // namespace

Status Connection::write_with_rereading(Active& active) {
  const sql::Rereading& rereading = *active.request.statement->rereading;
  active.parts.clear();
  if (rereading.wants_number_only) {
    active.parts.push_back(Part::kInsert);
    return run(active, wire::kNoCursor);
  }
  if (active.reading == nullptr) active.reading = cache_.find(rereading.query->serial);
  if (active.reading == nullptr) {
    active.is_preparing_reading = true;
    return prepare(active);
  }
  // Nobody may change the rows before they are read.
  const bool is_alone = !is_in_transaction();
  ByteWriter& out = runner_->out();
  if (is_alone) {
    BRIDGE_RETURN_IF_ERROR(replies_.query(out, active.tag, kOpening));
    active.parts.push_back(Part::kOpening);
  }
  BRIDGE_RETURN_IF_ERROR(run(active, wire::kNoCursor));
  active.parts.push_back(Part::kInsert);
  BRIDGE_RETURN_IF_ERROR(run_reading(active));
  active.parts.push_back(Part::kReading);
  if (!is_alone) return {};
  active.parts.push_back(Part::kClosing);
  return replies_.query(out, active.tag, kClosing);
}

Status Connection::run_reading(Active& active) {
  std::vector<types::Value> values;
  for (const std::size_t place : active.request.statement->rereading->values)
    values.push_back(active.request.parameters[place]);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next,
                          write_execute(runner_->out(), execution(*active.reading, wire::kNoCursor), values));
  replies_.expect_execute(active.tag, active.reading->shape, next);
  return {};
}

Status Connection::end_part(Active& active, const wire::Ending& ending) {
  const bool is_last = active.parts.size() == 1;
  if (is_last) status_ = ending.status;
  switch (active.parts.front()) {
    case Part::kInsert:
      if (active.request.statement->rereading->wants_number_only) tell_number(active, ending.last_insert_id);
      break;
    case Part::kReading:
      tell_columns(active, active.reading->columns);
      check_reread(active);
      break;
    case Part::kOpening:
    case Part::kClosing:
      break;
  }
  active.parts.pop_front();
  return active.parts.empty() ? settle_parts(active) : Status{};
}

Status Connection::fail_part(Active& active) {
  // What has been inserted must not be inserted again.
  if (active.parts.front() != Part::kInsert) active.was_healed = true;
  active.parts.pop_front();
  return active.parts.empty() ? settle_parts(active) : Status{};
}

Status Connection::settle_parts(Active& active) {
  if (!active.failure || !heal(active)) return settle_front(active);
  ActivePtr again = std::move(sent_.front());
  sent_.pop_front();
  enqueue_again(std::move(again));
  return {};
}

void Connection::check_reread(Active& active) {
  const std::size_t wanted = active.request.statement->rereading->row_count;
  if (active.failure || wanted == 0 || static_cast<std::size_t>(active.rows) == wanted) return;
  active.failure =
      make_error(ErrorCode::kDecode, std::to_string(wanted) + " rows were inserted, " +
                                         std::to_string(active.rows) + " of them could be read back");
}

void Connection::tell_number(Active& active, std::uint64_t number) {
  if (active.failure) return;
  auto column = describe_number(active.request.statement->columns.front());
  if (!column || number == 0) {
    active.failure = column ? make_error(ErrorCode::kDecode, "the server numbered no row of the insert")
                            : std::move(column).error();
    return;
  }
  active.reading = std::make_shared<PreparedStatement>();
  active.reading->columns.push_back(std::move(*column));
  active.rows = 1;
  tell_columns(active, active.reading->columns);
  if (active.failure || active.request.sink == nullptr) return;
  ByteWriter bytes;
  bytes.write_little_endian(number);
  const driver::Cell cell{bytes.view().data(), sizeof(number)};
  Status taken = active.request.sink->on_batch({active.reading->columns, {&cell, 1}});
  if (!taken) active.failure = std::move(taken).error();
}

}  // namespace bridge::mysql
