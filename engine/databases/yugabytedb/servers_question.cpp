// Everything as text, whose binary form is its characters.
#include "engine/databases/yugabytedb/servers_question.h"

#include <charconv>
#include <string>

namespace bridge::yugabytedb {
namespace {

constexpr std::string_view kText =
    "SELECT host::text, port::text, coalesce(cloud, '')::text, coalesce(region, '')::text, "
    "coalesce(zone, '')::text, coalesce(public_ip, '')::text FROM yb_servers()";
enum Place : std::size_t { kHost, kPort, kCloud, kRegion, kZone, kPublicAddress, kCount };

std::string read_text(const driver::Cell& cell) {
  return cell.is_null() ? std::string() : std::string(to_text(cell.span()));
}

}  // namespace

std::shared_ptr<const sql::CompiledStatement> servers_question() {
  static const auto question = [] {
    auto statement = std::make_shared<sql::CompiledStatement>();
    statement->text = std::make_shared<const std::string>(kText);
    statement->operation = telemetry::Operation::kSelect;
    statement->returns_rows = true;
    statement->has_unknown_columns = true;
    statement->is_read_only = true;
    return std::shared_ptr<const sql::CompiledStatement>(std::move(statement));
  }();
  return question;
}

Status ServersAnswer::on_batch(const driver::RowBatch& batch) {
  if (batch.columns.size() != kCount) return make_error(ErrorCode::kDecode, "yb_servers() has other columns");
  for (std::size_t index = 0; index < batch.row_count(); ++index) {
    const auto row = batch.row(index);
    Node node{.host = read_text(row[kHost]),
              .port = 0,
              .cloud = read_text(row[kCloud]),
              .region = read_text(row[kRegion]),
              .zone = read_text(row[kZone]),
              .public_address = read_text(row[kPublicAddress])};
    const std::string port = read_text(row[kPort]);
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), node.port);
    if (failure != std::errc() || end != port.data() + port.size() || node.host.empty())
      return make_error(ErrorCode::kDecode, "yb_servers() names a node that has no host or no port");
    nodes_.push_back(std::move(node));
  }
  return {};
}

}  // namespace bridge::yugabytedb
