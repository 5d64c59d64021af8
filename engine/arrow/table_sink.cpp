// Column by column through each batch from the wire: one decoder and one builder stay in the cache.
#include "engine/arrow/table_sink.h"

#include <utility>

namespace bridge::arrow {

Status TableSink::on_columns(std::span<const driver::ResultColumn> columns) {
  on_restart();
  if (!names_.empty() && names_.size() != columns.size())
    return make_error(ErrorCode::kInternal, "the result has another number of columns than its names");
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const driver::ResultColumn& column = columns[index];
    Field field{names_.empty() ? column.name : names_[index], column.type};
    if (column.is_typed_by_cell) {
      return make_error(ErrorCode::kQuery,
                        "column " + field.name +
                            ": this database types each value of raw SQL by itself; Arrow "
                            "needs one type for the column: build the query, or read rows");
    }
    BRIDGE_ASSIGN_OR_RETURN(std::unique_ptr<ColumnBuilder> builder, make_builder(field));
    builders_.push_back(std::move(builder));
    table_.fields.push_back(std::move(field));
  }
  return {};
}

Status TableSink::on_batch(const driver::RowBatch& batch) {
  if (batch.columns.size() != builders_.size())
    return make_error(ErrorCode::kInternal, "a batch of another shape than its result");
  for (std::size_t column = 0; column < builders_.size(); ++column)
    BRIDGE_RETURN_IF_ERROR(fill_column(batch, column));
  rows_ += static_cast<std::int64_t>(batch.row_count());
  if (is_full()) end_batch();
  return {};
}

Status TableSink::fill_column(const driver::RowBatch& batch, std::size_t column) {
  const driver::ResultColumn& described = batch.columns[column];
  ColumnBuilder& builder = *builders_[column];
  const std::size_t width = batch.columns.size();
  for (std::size_t place = column; place < batch.cells.size(); place += width) {
    const driver::Cell cell = batch.cells[place];
    BRIDGE_RETURN_IF_ERROR(cell.is_null() ? builder.on_null() : described.decode(cell, described, builder));
  }
  return {};
}

bool TableSink::is_full() const {
  if (rows_ >= kBatchRows) return true;
  std::size_t bytes = 0;
  for (const auto& builder : builders_) bytes += builder->byte_count();
  return bytes >= kBatchBytes;
}

void TableSink::end_batch() {
  if (rows_ == 0) return;
  RecordBatch batch{.row_count = std::exchange(rows_, 0), .columns = {}};
  for (const auto& builder : builders_) batch.columns.push_back(builder->finish());
  table_.batches.push_back(std::move(batch));
}

void TableSink::on_restart() {
  builders_.clear();
  rows_ = 0;
  table_ = {};
}

std::shared_ptr<const Table> TableSink::take_table() {
  end_batch();
  builders_.clear();
  return std::make_shared<const Table>(std::exchange(table_, {}));
}

}  // namespace bridge::arrow
