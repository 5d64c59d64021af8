// Where a result's cells become columns, while the server still sends.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/arrow/column_builder.h"
#include "engine/driver/row_sink.h"

namespace bridge::arrow {

/// Rows of one record batch at most: enough that per-batch costs vanish, few enough that consumers can work
/// in parallel.
inline constexpr std::int64_t kBatchRows = 65'536;
/// Bytes at which a batch ends early: offsets have 31 bits, and one cell may add a gigabyte.
inline constexpr std::size_t kBatchBytes = std::size_t{64} * 1024 * 1024;

/// Fills a Table. Loop thread only, until the result is complete.
class TableSink final : public driver::RowSink {
 public:
  /// `names` replace those of the result, in order; none = as the result names them.
  explicit TableSink(std::vector<std::string> names) : names_(std::move(names)) {}

  /// kQuery where the database types each cell, not the column; else as `make_builder` says.
  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override;
  /// All rows received; the sink is empty afterwards.
  std::shared_ptr<const Table> take_table();

 private:
  Status fill_column(const driver::RowBatch& batch, std::size_t column);
  void end_batch();
  bool is_full() const;

  std::vector<std::string> names_;
  std::vector<std::unique_ptr<ColumnBuilder>> builders_;
  std::int64_t rows_ = 0;  ///< in the builders
  Table table_;
};

}  // namespace bridge::arrow
