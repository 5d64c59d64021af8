// Rows on their way into a table: read once, a piece at a time.
#pragma once

#include <Python.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "bindings/model_plan.h"
#include "engine/driver/driver.h"

namespace bridge::python {

/// Rows that Python has a part in. Takes the lock itself where it needs it.
class PythonRowSource : public driver::RowSource {
 public:
  /// What Python code raised while a row was made, which explains the failure better than the engine's error.
  virtual Reference take_exception() = 0;
};

/// The rows for some columns of a model, in order. Used by one operation at a time, in the loop's thread.
class BulkRows {
 public:
  using Row = std::vector<types::Value>;

  /// `plan_owner` keeps `plan` alive.
  BulkRows(const ModelPlan& plan, Reference plan_owner, std::vector<std::size_t> columns,
           std::shared_ptr<PythonRowSource> source)
      : plan_(plan),
        plan_owner_(std::move(plan_owner)),
        columns_(std::move(columns)),
        source_(std::move(source)) {}

  /// Whether there is a next row, which is read for that.
  Result<bool> has_more();
  /// As RowSource::next.
  Result<bool> next(Row& row);
  /// At most so many rows, which end before one that agrees with an earlier one in all these places, none of
  /// them NULL. In a whole power of two where `is_bucket`: the rest stays for the next time.
  Result<std::vector<Row>> take(std::size_t most, const std::vector<std::size_t>& places, bool is_bucket);

  const ModelPlan& plan() const { return plan_; }
  const std::vector<std::size_t>& columns() const { return columns_; }
  Reference take_exception() { return source_->take_exception(); }

 private:
  const ModelPlan& plan_;
  Reference plan_owner_;
  std::vector<std::size_t> columns_;
  std::shared_ptr<PythonRowSource> source_;
  std::deque<Row> waiting_;  ///< read, but not given yet
};

/// The next rows of others, so many at most: what one statement inserts.
class BulkPortion final : public driver::RowSource {
 public:
  BulkPortion(std::shared_ptr<BulkRows> rows, std::size_t most) : rows_(std::move(rows)), left_(most) {}

  Result<bool> next(std::vector<types::Value>& row) override {
    if (left_ == 0) return false;
    --left_;
    return rows_->next(row);
  }

 private:
  std::shared_ptr<BulkRows> rows_;
  std::size_t left_;
};

/// BulkRows as Python holds them.
struct PythonBulkRows {
  std::shared_ptr<BulkRows> rows;
};

}  // namespace bridge::python
