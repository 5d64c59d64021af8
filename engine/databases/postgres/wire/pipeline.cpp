// protocol: 55.2.3 Extended Query, 55.2.4 Pipelining, 55.2.6 COPY Operations, 55.2.7 Asynchronous Operations
#include "engine/databases/postgres/wire/pipeline.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/databases/postgres/error_map.h"

namespace bridge::postgres::wire {

constexpr const char* kOutOfOrder = "an answer out of order";

Status Pipeline::parse(ByteWriter& out, Tag tag, std::string_view name, std::string_view text,
                       std::span<const std::uint32_t> types) {
  BRIDGE_RETURN_IF_ERROR(write_parse(out, name, text, types));
  expect(Step::kParse, tag, 0);
  return {};
}

Status Pipeline::describe(ByteWriter& out, Tag tag, std::string_view name) {
  BRIDGE_RETURN_IF_ERROR(write_describe_statement(out, name));
  expect(Step::kDescribe, tag, 0);
  return {};
}

Status Pipeline::close_statement(ByteWriter& out, Tag tag, std::string_view name) {
  BRIDGE_RETURN_IF_ERROR(write_close_statement(out, name));
  expect(Step::kClose, tag, 0);
  return {};
}

Status Pipeline::close_portal(ByteWriter& out, Tag tag, std::string_view name) {
  BRIDGE_RETURN_IF_ERROR(write_close_portal(out, name));
  expect(Step::kClose, tag, 0);
  return {};
}

Status Pipeline::execute_part(ByteWriter& out, Tag tag, std::size_t columns, PortalPart part) {
  BRIDGE_RETURN_IF_ERROR(write_execute_part(out, part.portal, part.rows));
  expect(Step::kExecute, tag, columns);
  steps_.back().may_suspend = true;
  return {};
}

void Pipeline::execute(ByteWriter& out, Tag tag, std::size_t columns) {
  write_execute(out);
  expect(Step::kExecute, tag, columns);
}

void Pipeline::execute_copy(ByteWriter& out, Tag tag) {
  write_execute(out);
  write_flush(out);  // the server's consent must not wait for a Sync that may only follow the rows
  expect(Step::kCopy, tag, 0);
}

void Pipeline::sync(ByteWriter& out) {
  write_sync(out);
  expect(Step::kSync, 0, 0);
}

Result<std::size_t> Pipeline::receive(ByteSpan received) {
  std::size_t consumed = 0;
  while (true) {
    BRIDGE_ASSIGN_OR_RETURN(const std::size_t in_rows, take_rows(received.subspan(consumed)));
    consumed += in_rows;
    BRIDGE_ASSIGN_OR_RETURN(const auto message, next_message(received.subspan(consumed), kMaxMessageBytes));
    if (!message) return consumed;
    BRIDGE_RETURN_IF_ERROR(on_message(*message));
    consumed += message->size;
  }
}

Result<std::size_t> Pipeline::take_rows(ByteSpan received) {
  if (steps_.empty() || steps_.front().kind != Step::kExecute || is_skipping_) return std::size_t{0};
  const Step step = steps_.front();
  constexpr auto kRowType = static_cast<std::byte>(Backend::kDataRow);
  const std::size_t full = kMaxBatchRows * step.columns;
  std::size_t consumed = 0;
  while (received.size() - consumed >= kHeaderSize && received[consumed] == kRowType) {
    BRIDGE_ASSIGN_OR_RETURN(const auto message, next_message(received.subspan(consumed), kMaxMessageBytes));
    if (!message) break;
    if (step.columns == 0 || !append_row(message->body, step.columns, cells_)) {
      return out_of_step("a row that does not match its description");
    }
    consumed += message->size;
    if (cells_.size() >= full) BRIDGE_RETURN_IF_ERROR(hand_over_rows(step.tag));
  }
  BRIDGE_RETURN_IF_ERROR(hand_over_rows(step.tag));
  return consumed;
}

Status Pipeline::hand_over_rows(Tag tag) {
  if (cells_.empty()) return {};
  Status taken = observer_.on_rows(tag, cells_);
  cells_.clear();
  return taken;
}

Status Pipeline::on_message(const Message& message) {
  BRIDGE_ASSIGN_OR_RETURN(const bool was_asynchronous, on_asynchronous(message));
  if (was_asynchronous) return {};
  if (message.type == Backend::kError) return on_error(message.body);
  if (steps_.empty()) return out_of_step("an answer that nobody awaits");
  const Step step = steps_.front();
  if (step.kind == Step::kSync) {
    if (message.type != Backend::kReady) return out_of_step("something else than the awaited ready message");
    return on_sync_answer(message.body);
  }
  if (is_skipping_) return out_of_step("an answer after an error, before the next Sync");
  return on_step(message, step);
}

Result<bool> Pipeline::on_asynchronous(const Message& message) {
  if (message.type == Backend::kNotice) {
    BRIDGE_ASSIGN_OR_RETURN(driver::ServerError notice, parse_server_error(message.body));
    observer_.on_notice(std::move(notice));
    return true;
  }
  if (message.type == Backend::kParameterStatus) {
    BRIDGE_ASSIGN_OR_RETURN(const ParameterStatus status, parse_parameter_status(message.body));
    if (status.name == "client_encoding" && status.value != "UTF8")
      return out_of_step("a change of the session's encoding");
    return true;
  }
  return message.type == Backend::kNotification;
}

Status Pipeline::on_step(const Message& message, const Step& step) {
  Backend awaited{};
  switch (step.kind) {
    case Step::kParse:
      awaited = Backend::kParseComplete;
      break;
    case Step::kBind:
      awaited = Backend::kBindComplete;
      break;
    case Step::kClose:
      awaited = Backend::kCloseComplete;
      break;
    case Step::kDescribe:
    case Step::kDescribeColumns:
      return on_described(message, step);
    case Step::kExecute:
    case Step::kCopy:
    case Step::kCopyUnderWay:
      return on_executed(message, step);
    case Step::kSync:
      break;  // dealt with by the caller
  }
  if (message.type != awaited || !message.body.empty()) return out_of_step(kOutOfOrder);
  steps_.pop_front();
  return {};
}

Status Pipeline::on_described(const Message& message, const Step& step) {
  if (step.kind == Step::kDescribe) {
    if (message.type != Backend::kParameterDescription) return out_of_step(kOutOfOrder);
    BRIDGE_ASSIGN_OR_RETURN(auto types, parse_parameter_description(message.body));
    steps_.front().kind = Step::kDescribeColumns;
    return observer_.on_parameters(step.tag, std::move(types));
  }
  std::vector<ColumnDescription> columns;
  if (message.type == Backend::kRowDescription) {
    BRIDGE_ASSIGN_OR_RETURN(columns, parse_row_description(message.body));
  } else if (message.type != Backend::kNoRows || !message.body.empty()) {
    return out_of_step(kOutOfOrder);
  }
  steps_.pop_front();
  for (Step& later : steps_) {
    if (later.kind == Step::kSync) break;
    if (later.kind == Step::kExecute && later.tag == step.tag) later.columns = columns.size();
  }
  return observer_.on_columns(step.tag, columns);
}

Status Pipeline::on_executed(const Message& message, const Step& step) {
  if (message.type == Backend::kCopyInResponse && step.kind == Step::kCopy) {
    steps_.front().kind = Step::kCopyUnderWay;
    return observer_.on_copy_ready(step.tag);
  }
  if (step.kind == Step::kCopy) return out_of_step("no consent to a bulk load");
  if (message.type == Backend::kPortalSuspended && step.may_suspend && message.body.empty()) {
    steps_.pop_front();
    return observer_.on_suspended(step.tag);
  }
  std::int64_t rows = 0;
  if (message.type == Backend::kCommandComplete) {
    BRIDGE_ASSIGN_OR_RETURN(rows, parse_command_complete(message.body));
  } else if (message.type != Backend::kEmptyQuery || !message.body.empty()) {
    return out_of_step(kOutOfOrder);
  }
  steps_.pop_front();
  return observer_.on_complete(step.tag, rows);
}

Status Pipeline::on_error(ByteSpan body) {
  BRIDGE_ASSIGN_OR_RETURN(driver::ServerError report, parse_server_error(body));
  if (ends_session(report)) return to_error(std::move(report));
  if (steps_.empty() || is_skipping_) return out_of_step("an error that no statement caused");
  const Tag failed = steps_.front().tag;
  is_skipping_ = true;
  // An error in answer to Sync itself comes from the implicit commit of what stood before it.
  if (steps_.front().kind == Step::kSync) return observer_.on_commit_failed(std::move(report));
  BRIDGE_RETURN_IF_ERROR(observer_.on_failed(failed, std::move(report)));
  Tag reported = failed;
  while (!steps_.empty() && steps_.front().kind != Step::kSync) {
    const Tag tag = steps_.front().tag;
    steps_.pop_front();
    if (tag == reported) continue;
    reported = tag;
    BRIDGE_RETURN_IF_ERROR(observer_.on_skipped(tag));
  }
  return {};
}

Status Pipeline::on_sync_answer(ByteSpan body) {
  BRIDGE_ASSIGN_OR_RETURN(const TransactionStatus status, parse_ready(body));
  steps_.pop_front();
  is_skipping_ = false;
  return observer_.on_ready(status);
}

}  // namespace bridge::postgres::wire
