// Rows of a statement nobody has described, as tuples.
#pragma once

#include <Python.h>

#include <memory>
#include <vector>

#include "bindings/convert/convert.h"
#include "bindings/reference.h"
#include "engine/driver/row_sink.h"

namespace bridge::python {

/// Types follow from the wire. Called in the loop's thread, takes the lock itself.
class TupleCollector final : public driver::RowSink {
 public:
  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override;
  /// The rows so far, as a list; empty with a Python error set when there is no memory for one.
  Reference take_rows();
  /// An exception raised by Python itself (lack of memory).
  Reference take_exception() { return std::move(exception_); }

 private:
  Result<Reference> make_row(const driver::RowBatch& batch, std::size_t row);

  std::vector<std::unique_ptr<ObjectReader>> readers_;
  Reference rows_;
  Reference exception_;
};

}  // namespace bridge::python
