// protocol: MySQL, Command Phase: COM_QUERY Response, COM_STMT_PREPARE Response, COM_STMT_EXECUTE Response
#include "engine/databases/mysql/wire/replies.h"

#include <utility>

#include "engine/base/limits.h"

namespace bridge::mysql::wire {

Status Replies::send_bare(ByteWriter& out, Tag tag, Command command) {
  PacketWriter packet(out, command);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, packet.finish());
  expect({.kind = Step::Kind::kBare, .tag = tag, .sequence = next});
  return {};
}

Status Replies::prepare(ByteWriter& out, Tag tag, std::string_view text) {
  PacketWriter packet(out, Command::kPrepare);
  out.write_text(text);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, packet.finish());
  expect({.kind = Step::Kind::kPrepare, .tag = tag, .sequence = next});
  return {};
}

Status Replies::query(ByteWriter& out, Tag tag, std::string_view text) {
  PacketWriter packet(out, Command::kQuery);
  out.write_text(text);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, packet.finish());
  expect({.kind = Step::Kind::kQuery, .tag = tag, .sequence = next});
  return {};
}

Status Replies::fetch(ByteWriter& out, Tag tag, std::uint32_t statement, std::uint32_t rows, RowShape shape) {
  PacketWriter packet(out, Command::kFetch);
  out.write_little_endian(statement);
  out.write_little_endian(rows);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, packet.finish());
  const std::size_t columns = shape->size();
  expect({.kind = Step::Kind::kExecute,
          .tag = tag,
          .sequence = next,
          .phase = Step::Phase::kRows,
          .shape = std::move(shape),
          .columns = columns});
  return {};
}

void Replies::expect_execute(Tag tag, RowShape shape, std::uint8_t next_sequence) {
  expect({.kind = Step::Kind::kExecute, .tag = tag, .sequence = next_sequence, .shape = std::move(shape)});
}

Status Replies::close_statement(ByteWriter& out, std::uint32_t statement) {
  PacketWriter packet(out, Command::kCloseStatement);
  out.write_little_endian(statement);
  BRIDGE_RETURN_IF_ERROR(packet.finish());
  return {};
}

void Replies::expect(Step step) {
  if (steps_.empty()) packets_.expect_sequence(step.sequence);
  steps_.push_back(std::move(step));
}

Result<std::size_t> Replies::receive(ByteSpan received) {
  std::size_t consumed = 0;
  while (!is_paused()) {
    if (steps_.empty() && consumed < received.size()) return out_of_step("an answer that nobody awaits");
    BRIDGE_ASSIGN_OR_RETURN(const auto packet, packets_.next(received.subspan(consumed), kMaxMessageBytes));
    if (!packet) break;
    BRIDGE_RETURN_IF_ERROR(on_packet(packet->payload));
    consumed += packet->size;
    // Cells of a row that came in several packets lie in the reader, which the next message overwrites.
    const bool was_joined = packet->size > kHeaderSize + packet->payload.size();
    if (was_joined) BRIDGE_RETURN_IF_ERROR(hand_over_rows());
  }
  BRIDGE_RETURN_IF_ERROR(hand_over_rows());
  return consumed;
}

Status Replies::hand_over_rows() {
  if (cells_.empty()) return {};
  Status taken = observer_.on_rows(steps_.front().tag, cells_);
  cells_.clear();
  return taken;
}

Status Replies::pause() {
  BRIDGE_RETURN_IF_ERROR(hand_over_rows());
  paused_ = std::move(steps_.front());
  steps_.pop_front();
  return {};
}

void Replies::resume(Tag tag, std::size_t rows) {
  paused_->tag = tag;
  paused_->rows_left = rows;
  steps_.push_front(std::move(*paused_));
  paused_.reset();
}

Status Replies::on_packet(ByteSpan payload) {
  Step& step = steps_.front();
  switch (step.phase) {
    case Step::Phase::kHead:
      return on_head(step, payload);
    case Step::Phase::kParameters:
    case Step::Phase::kColumns:
      return on_definition(step, payload);
    case Step::Phase::kRows:
      return on_row(step, payload);
  }
  return {};
}

Status Replies::on_head(Step& step, ByteSpan payload) {
  const Header header = header_of(payload);
  if (header == Header::kError) return fail_step(payload);
  if (header == Header::kLocalInfile) return out_of_step("a request to read a file of this machine");
  if (payload.empty()) return out_of_step("an empty answer");
  if (step.kind == Step::Kind::kPrepare) return on_prepared(step, payload);
  if (header == Header::kOk) {
    BRIDGE_ASSIGN_OR_RETURN(const Ending ending, parse_ok(payload));
    return end_step(ending);
  }
  if (step.kind == Step::Kind::kBare) return out_of_step("rows that nobody asked for");
  return on_result(step, payload);
}

Status Replies::on_prepared(Step& step, ByteSpan payload) {
  if (header_of(payload) != Header::kOk) return out_of_step("an unknown answer to a statement");
  BRIDGE_ASSIGN_OR_RETURN(const PreparedHeader header, parse_prepared(payload));
  if (header.columns > kMaxColumns) return out_of_step("a result of too many columns");
  BRIDGE_RETURN_IF_ERROR(observer_.on_prepared(step.tag, header));
  step.columns = header.columns;
  step.definitions = header.parameters;
  step.phase = Step::Phase::kParameters;
  if (step.definitions > 0) return {};
  step.definitions = step.columns;
  step.phase = Step::Phase::kColumns;
  return step.columns > 0 ? Status() : end_step({});
}

// protocol: the count of columns; MariaDB adds whether their definitions follow, where both sides can cache
// them
Status Replies::on_result(Step& step, ByteSpan payload) {
  ByteReader reader(payload);
  const auto count = read_length(reader);
  const bool has_definitions = !form_.has_cached_metadata || reader.read_byte() != 0;
  if (!count || *count == 0 || *count > kMaxColumns || !reader.is_at_end())
    return out_of_step("a malformed count of columns");
  step.columns = static_cast<std::size_t>(*count);
  if (has_definitions) {
    step.definitions = step.columns;
    step.phase = Step::Phase::kColumns;
    return {};
  }
  if (step.shape == nullptr || step.shape->size() != step.columns)
    return out_of_step("a result whose columns were never told");
  step.phase = Step::Phase::kRows;
  return {};
}

Status Replies::on_definition(Step& step, ByteSpan payload) {
  if (header_of(payload) == Header::kError) return fail_step(payload);
  --step.definitions;
  if (step.phase == Step::Phase::kColumns) definitions_.emplace_back(payload.begin(), payload.end());
  if (step.definitions > 0) return {};
  if (step.phase == Step::Phase::kColumns) return on_all_columns(step);
  step.phase = Step::Phase::kColumns;
  step.definitions = step.columns;
  return step.columns > 0 ? Status() : end_step({});
}

Status Replies::on_all_columns(Step& step) {
  std::vector<ColumnDescription> columns;
  std::vector<FieldType> types;
  const auto definitions = std::exchange(definitions_, {});
  for (const auto& definition : definitions) {
    BRIDGE_ASSIGN_OR_RETURN(columns.emplace_back(), parse_column(definition, form_.has_extended_metadata));
    types.push_back(columns.back().type);
  }
  step.shape = std::make_shared<const std::vector<FieldType>>(std::move(types));
  if (step.kind != Step::Kind::kQuery) BRIDGE_RETURN_IF_ERROR(observer_.on_columns(step.tag, columns));
  if (step.kind == Step::Kind::kPrepare) return end_step({});
  step.phase = Step::Phase::kRows;
  return {};
}

Status Replies::on_row(Step& step, ByteSpan payload) {
  if (is_end(payload, true)) {
    BRIDGE_RETURN_IF_ERROR(hand_over_rows());
    BRIDGE_ASSIGN_OR_RETURN(const Ending ending, parse_ok(payload));
    return end_step(ending);
  }
  if (header_of(payload) == Header::kError) {
    BRIDGE_RETURN_IF_ERROR(hand_over_rows());
    return fail_step(payload);
  }
  if (step.kind == Step::Kind::kQuery) return {};
  if (step.shape == nullptr || !append_row(payload, *step.shape, cells_))
    return out_of_step("a row that does not match its columns");
  if (step.rows_left > 0 && --step.rows_left == 0) return pause();
  const bool is_full = cells_.size() >= kMaxBatchRows * step.columns;
  return is_full ? hand_over_rows() : Status();
}

Status Replies::fail_step(ByteSpan payload) {
  BRIDGE_ASSIGN_OR_RETURN(driver::ServerError report, parse_report(payload));
  const Tag tag = steps_.front().tag;
  definitions_.clear();
  steps_.pop_front();
  if (!steps_.empty()) packets_.expect_sequence(steps_.front().sequence);
  return observer_.on_failed(tag, std::move(report));
}

Status Replies::end_step(const Ending& ending) {
  if ((ending.status & kMoreResultsExist) != 0) return out_of_step("a second result that was never allowed");
  const Tag tag = steps_.front().tag;
  steps_.pop_front();
  if (!steps_.empty()) packets_.expect_sequence(steps_.front().sequence);
  return observer_.on_ended(tag, ending);
}

}  // namespace bridge::mysql::wire
