// protocol: 55.2.2 Simple Query
#include "engine/databases/postgres/wire/role_question.h"

#include "engine/databases/postgres/error_map.h"
#include "engine/databases/postgres/wire/frontend.h"

namespace bridge::postgres::wire {
namespace {

// Both in one answer: `transaction_read_only` alone would not tell a standby from a primary set read-only.
constexpr std::string_view kQuestion =
    "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only')";
constexpr std::size_t kColumns = 2;

Error stray() { return out_of_step("an unexpected answer to the question for its role"); }

}  // namespace

Status RoleQuestion::begin(ByteWriter& out) { return write_simple_query(out, kQuestion); }

Result<driver::NextAction> RoleQuestion::on_bytes(ByteSpan received) {
  driver::NextAction action;
  while (true) {
    BRIDGE_ASSIGN_OR_RETURN(const auto message,
                            next_message(received.subspan(action.consumed), kMaxLoginBytes));
    if (!message.has_value()) return action;
    action.consumed += message->size;
    BRIDGE_ASSIGN_OR_RETURN(const bool is_done, on_message(*message));
    if (!is_done) continue;
    action.kind = driver::NextAction::Kind::kDone;
    return action;
  }
}

Result<bool> RoleQuestion::on_message(const Message& message) {
  switch (message.type) {
    case Backend::kNotice:
    case Backend::kNotification:
    case Backend::kParameterStatus:
    case Backend::kRowDescription:
    case Backend::kCommandComplete:
      return false;
    case Backend::kError: {
      BRIDGE_ASSIGN_OR_RETURN(driver::ServerError report, parse_server_error(message.body));
      return to_error(std::move(report)).with_sent(Sent::kNo);
    }
    case Backend::kDataRow:
      BRIDGE_RETURN_IF_ERROR(on_row(message.body));
      return false;
    case Backend::kReady:
      if (!has_row_) return stray();
      return true;
    default:  // everything else, known or not, has no place here
      return stray();
  }
}

Status RoleQuestion::on_row(ByteSpan body) {
  std::vector<driver::Cell> cells;
  if (has_row_ || !append_row(body, kColumns, cells)) return stray();
  has_row_ = true;
  if (cells[0].is_null() || cells[1].is_null()) return stray();
  role_.is_standby = to_text(cells[0].span()) == "t";
  role_.is_read_only = role_.is_standby || to_text(cells[1].span()) == "on";
  return {};
}

}  // namespace bridge::postgres::wire
