// Rows out of whatever has an Arrow interface, completed with the defaults that Python knows.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <vector>

#include "bindings/bulk_rows.h"
#include "bindings/model_plan.h"
#include "engine/arrow/stream_rows.h"

namespace bridge::python {

/// The stream of a source with `__arrow_c_stream__`, or the batch of one with `__arrow_c_array__`.
/// kValidation where there is neither, or what is handed over is broken. Throws what the source raises.
Result<std::unique_ptr<arrow::StreamRows>> open_arrow_rows(nanobind::handle source);

/// Binds ArrowRows and the way it is inserted.
void bind_arrow_rows(nanobind::module_& module);

/// A column that the stream leaves out.
struct ArrowDefault {
  const Attribute* attribute = nullptr;
  Reference factory;  ///< called for each row; empty where `constant` stands in all of them
  types::Value constant;
};

/// Rows of a bulk insert: what the stream has, then the defaults.
class ArrowRowSource final : public PythonRowSource {
 public:
  /// `plan_owner` keeps the attributes of the defaults alive.
  ArrowRowSource(std::shared_ptr<arrow::StreamRows> rows, std::size_t from_stream,
                 std::vector<ArrowDefault> defaults, Reference plan_owner)
      : rows_(std::move(rows)),
        from_stream_(from_stream),
        defaults_(std::move(defaults)),
        plan_owner_(std::move(plan_owner)) {}

  Result<bool> next(std::vector<types::Value>& row) override;
  Reference take_exception() override { return std::move(exception_); }

 private:
  Status make(const ArrowDefault& made, types::Value& value);

  std::shared_ptr<arrow::StreamRows> rows_;
  std::size_t from_stream_;
  std::vector<ArrowDefault> defaults_;
  Reference plan_owner_;
  Reference exception_;
};

}  // namespace bridge::python
