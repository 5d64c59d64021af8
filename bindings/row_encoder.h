// Bulk rows out of Python objects, one at a time, as the engine asks for them.
#pragma once

#include <Python.h>

#include <vector>

#include "bindings/model_plan.h"
#include "engine/driver/driver.h"

namespace bridge::python {

/// Walks an iterable of instances or dicts. Keeps one row in memory. Takes the lock itself.
class RowEncoder final : public driver::RowSource {
 public:
  /// `iterator` is what iter() gave; `plan_owner` keeps `plan` alive.
  RowEncoder(const ModelPlan& plan, Reference plan_owner, std::vector<std::size_t> columns,
             Reference iterator)
      : plan_(plan),
        plan_owner_(std::move(plan_owner)),
        columns_(std::move(columns)),
        iterator_(std::move(iterator)) {}

  Result<bool> next(std::vector<types::Value>& row) override;
  /// What the iterable or a check raised, which explains the failure better than the engine's error.
  Reference take_exception() { return std::move(exception_); }

 private:
  bool encode(PyObject* item, std::vector<types::Value>& row);
  bool encode_member(PyObject* dict, const Attribute& attribute, types::Value& value);
  Error fail();

  const ModelPlan& plan_;
  Reference plan_owner_;
  std::vector<std::size_t> columns_;
  Reference iterator_;
  Reference exception_;
};

}  // namespace bridge::python
