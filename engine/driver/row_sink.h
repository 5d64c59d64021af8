// Who receives rows: the engine's only way of handing a result outward.
#pragma once

#include "engine/driver/row_batch.h"

namespace bridge::driver {

/// Receives a result batch by batch, in the thread of the connection's loop. An error answered here ends the
/// statement: the connection drains what is left of the reply and reports that error.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Called once, before any batch, when the shape of the result is known. The span lives as long as the
  /// result.
  virtual Status on_columns(std::span<const ResultColumn> columns) = 0;
  virtual Status on_batch(const RowBatch& batch) = 0;
  /// A statement that was sent again (after DDL, or on another connection) starts over: forget everything
  /// received.
  virtual void on_restart() = 0;
};

}  // namespace bridge::driver
