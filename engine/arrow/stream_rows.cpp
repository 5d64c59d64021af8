// Pulls batches as rows are asked for.
#include "engine/arrow/stream_rows.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/base/bytes.h"
#include "engine/types/utf8.h"

namespace bridge::arrow {
namespace {

/// More than any table has, far below what a broken count could say.
constexpr std::int64_t kMaxColumns = 100'000;

Error broken(std::string_view what) {
  return make_error(ErrorCode::kValidation, "the Arrow stream is broken: " + std::string(what));
}

}  // namespace

Result<std::unique_ptr<StreamRows>> StreamRows::open(ArrowArrayStream& stream, CallProducer call_producer) {
  if (stream.release == nullptr)
    return make_error(ErrorCode::kValidation, "the Arrow stream was read already");
  if (stream.get_schema == nullptr || stream.get_next == nullptr || stream.get_last_error == nullptr)
    return broken("callbacks are missing");
  std::unique_ptr<StreamRows> rows(new StreamRows(Owned<ArrowArrayStream>(stream), std::move(call_producer)));
  BRIDGE_RETURN_IF_ERROR(rows->ask_for_schema());
  BRIDGE_RETURN_IF_ERROR(rows->read_schema());
  return rows;
}

Result<std::unique_ptr<StreamRows>> StreamRows::open(ArrowSchema& schema, ArrowArray& batch) {
  if (schema.release == nullptr || batch.release == nullptr)
    return make_error(ErrorCode::kValidation, "the Arrow array was read already");
  std::unique_ptr<StreamRows> rows(new StreamRows({}, nullptr));
  rows->schema_ = Owned<ArrowSchema>(schema);
  rows->only_batch_ = Owned<ArrowArray>(batch);
  BRIDGE_RETURN_IF_ERROR(rows->read_schema());
  return rows;
}

Status StreamRows::ask_for_schema() {
  const int failure = call_producer_([this] { return (*stream_).get_schema(stream_.get(), schema_.get()); });
  return failure == 0 ? Status{} : Status{describe_failure("has no schema")};
}

Status StreamRows::read_schema() {
  const ArrowSchema& schema = *schema_;
  if (!schema_.is_set() || schema.format == nullptr) return broken("no schema");
  if (std::string_view(schema.format) != "+s")
    return make_error(ErrorCode::kValidation, "the Arrow stream has no columns: a table is needed");
  if (schema.n_children < 0 || schema.n_children > kMaxColumns ||
      (schema.n_children > 0 && schema.children == nullptr))
    return broken("an absurd number of columns");
  for (std::int64_t index = 0; index < schema.n_children; ++index) {
    const ArrowSchema* const child = schema.children[index];
    if (child == nullptr || child->name == nullptr) return broken("a column without a name");
    const std::string_view name = child->name;
    if (!types::is_valid_utf8(name)) return broken("a column whose name is not UTF-8");
    if (std::find(names_.begin(), names_.end(), name) != names_.end())
      return make_error(ErrorCode::kValidation, "the Arrow stream has two columns " + std::string(name));
    names_.emplace_back(name);
  }
  return {};
}

Status StreamRows::choose(std::vector<ImportColumn> columns) {
  if (!chosen_.empty()) return make_error(ErrorCode::kValidation, "the Arrow stream was read already");
  for (ImportColumn& column : columns) {
    const auto found = std::find(names_.begin(), names_.end(), column.name);
    if (found == names_.end())
      return make_error(ErrorCode::kValidation, column.context + ": the Arrow stream has no such column");
    const auto place = static_cast<std::size_t>(found - names_.begin());
    BRIDGE_ASSIGN_OR_RETURN(ImportFormat format, read_import_format(*(*schema_).children[place], column));
    chosen_.push_back({std::move(column), std::move(format), place});
  }
  return {};
}

Result<bool> StreamRows::next(std::vector<types::Value>& row) {
  while (!has_ended_ && (!batch_.is_set() || position_ == (*batch_).length))
    BRIDGE_RETURN_IF_ERROR(read_batch());
  if (has_ended_) return false;
  if (row.size() < chosen_.size()) row.resize(chosen_.size());
  const ArrowArray& batch = *batch_;
  for (std::size_t index = 0; index < chosen_.size(); ++index) {
    const Chosen& chosen = chosen_[index];
    BRIDGE_RETURN_IF_ERROR(read_element(chosen.format, *batch.children[chosen.place],
                                        batch.offset + position_, chosen.column, row[index]));
  }
  ++position_;
  return true;
}

Status StreamRows::read_batch() {
  position_ = 0;
  batch_ = std::move(only_batch_);
  if (!batch_.is_set() && stream_.is_set()) BRIDGE_RETURN_IF_ERROR(ask_for_batch());
  if (batch_.is_set()) return check_batch();
  has_ended_ = true;
  stream_.reset();
  return {};
}

Status StreamRows::ask_for_batch() {
  const int failure = call_producer_([this] { return (*stream_).get_next(stream_.get(), batch_.get()); });
  if (failure == 0) return {};
  has_ended_ = true;
  return describe_failure("failed");
}

Status StreamRows::check_batch() const {
  const ArrowArray& batch = *batch_;
  std::int64_t end = 0;
  if (batch.length < 0 || batch.offset < 0 || __builtin_add_overflow(batch.length, batch.offset, &end))
    return broken("a batch of negative length");
  if (batch.n_children != (*schema_).n_children || (batch.n_children > 0 && batch.children == nullptr))
    return broken("a batch of another shape than its schema");
  if (batch.n_buffers != 1 || batch.buffers == nullptr)
    return broken("a batch with an absurd number of buffers");
  if (batch.null_count != 0 && batch.buffers[0] != nullptr) {
    return make_error(ErrorCode::kValidation, "the Arrow stream has rows that are null as a whole");
  }
  for (const Chosen& chosen : chosen_) {
    const ArrowArray* const array = batch.children[chosen.place];
    if (array == nullptr) return broken("a missing column");
    BRIDGE_RETURN_IF_ERROR(check_array(chosen.format, *array, {batch.offset, batch.length}, chosen.column));
  }
  return {};
}

Error StreamRows::describe_failure(std::string_view what) {
  std::string message = "the Arrow stream " + std::string(what);
  const char* const reason = (*stream_).get_last_error(stream_.get());
  if (reason != nullptr && types::is_valid_utf8(reason)) message += ": " + std::string(reason);
  return make_error(ErrorCode::kValidation, std::move(message));
}

}  // namespace bridge::arrow
