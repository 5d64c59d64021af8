// Ends a statement that gives more rows than a budget has left.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "bindings/completions.h"
#include "bindings/host.h"
#include "bindings/reference.h"
#include "engine/driver/row_sink.h"
#include "engine/execution/engine.h"

namespace bridge::python {

/// At most so many rows, and the Python exception for one more.
struct RowLimit {
  std::size_t rows = 0;
  Reference exception;
};

/// Hands rows on to `target` until there is one too many; then calls `stop` once and refuses the rest.
/// `target` may be empty. Called in the loop's thread.
class LimitedSink final : public driver::RowSink {
 public:
  LimitedSink(std::shared_ptr<driver::RowSink> target, std::size_t rows, std::function<void()> stop)
      : target_(std::move(target)), rows_(rows), stop_(std::move(stop)) {}

  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override;
  bool is_exceeded() const { return is_exceeded_; }

 private:
  std::shared_ptr<driver::RowSink> target_;
  std::size_t rows_;
  std::function<void()> stop_;
  std::size_t seen_ = 0;
  bool is_exceeded_ = false;
};

/// A sink and what it was made to count, for one operation.
struct LimitedRows {
  std::shared_ptr<driver::RowSink> sink;
  FindCause find_cause;
  std::shared_ptr<execution::Operation> operation;  ///< to be set once it has begun; null without a limit
};

/// Wraps a sink where `limit` is a pair of rows and exception, and not None. One row too many cancels the
/// operation in a later turn of the loop; its cause is then that exception.
Result<LimitedRows> limit_rows(const std::shared_ptr<Host>& host, nanobind::handle limit,
                               std::shared_ptr<driver::RowSink> sink, FindCause find_cause);

}  // namespace bridge::python
