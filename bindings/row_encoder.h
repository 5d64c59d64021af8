// Bulk rows out of Python objects, a buffer at a time, as the engine asks for them.
#pragma once

#include <Python.h>

#include <span>
#include <vector>

#include "bindings/bulk_rows.h"
#include "bindings/model_plan.h"

namespace bridge::python {

/// Checks one instance or dict and makes the values of `columns`, one for each of `row`. False with a Python
/// error set.
bool encode_row(const ModelPlan& plan, const std::vector<std::size_t>& columns, PyObject* item,
                std::span<types::Value> row);

/// Walks an iterable of instances or dicts. Keeps a buffer of rows in memory, so that it takes the lock once
/// for all of them.
class RowEncoder final : public PythonRowSource {
 public:
  /// `iterator` is what iter() gave; `plan_owner` keeps `plan` alive.
  RowEncoder(const ModelPlan& plan, Reference plan_owner, std::vector<std::size_t> columns,
             Reference iterator)
      : plan_(plan),
        plan_owner_(std::move(plan_owner)),
        columns_(std::move(columns)),
        iterator_(std::move(iterator)) {}

  Result<bool> next(std::vector<types::Value>& row) override;
  Reference take_exception() override { return std::move(exception_); }

 private:
  Status refill();
  /// False at the end, or with a Python error set.
  bool read_row(std::vector<types::Value>& row);

  const ModelPlan& plan_;
  Reference plan_owner_;
  std::vector<std::size_t> columns_;
  Reference iterator_;
  Reference exception_;
  std::vector<std::vector<types::Value>> buffer_;
  std::size_t ready_ = 0;     ///< rows of the buffer that are filled
  std::size_t position_ = 0;  ///< of them handed out
  bool has_ended_ = false;
};

}  // namespace bridge::python
