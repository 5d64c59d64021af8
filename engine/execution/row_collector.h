// Keeps a whole result as values, for callers who want it in memory.
#pragma once

#include "engine/driver/row_sink.h"
#include "engine/execution/blocking_session.h"

namespace bridge::execution {

/// Decodes every batch into rows of values. Loop thread only.
class RowCollector final : public driver::RowSink {
 public:
  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override { result_ = {}; }

  /// What was collected; leaves nothing behind.
  RowSet take() { return std::exchange(result_, {}); }

 private:
  RowSet result_;
};

}  // namespace bridge::execution
