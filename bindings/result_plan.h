// What becomes of the columns of a result: entities, values, and the shape of a row.
#pragma once

#include <Python.h>

#include <string>
#include <vector>

#include "bindings/model_plan.h"

namespace bridge::python {

/// One thing a row is made of.
struct ResultItem {
  ModelPlan* plan = nullptr;  ///< set for an entity; a reference to plan->self is held
  bool is_optional = false;   ///< entity from the outer side of a join: None when its key is NULL
  Attribute value;            ///< otherwise: one column, its type and converter

  std::size_t column_count() const { return plan == nullptr ? 1 : plan->attributes.size(); }
};

enum class RowShape : std::uint8_t { kSingle, kTuple, kCallable };

/// Immutable once made. Lives in a Python object.
struct ResultPlan {
  std::vector<ResultItem> items;
  RowShape shape = RowShape::kSingle;
  Reference callable;
  bool is_named = false;  ///< columns must be called as the items are

  ResultPlan() = default;
  ResultPlan(const ResultPlan&) = delete;
  ResultPlan& operator=(const ResultPlan&) = delete;
  ~ResultPlan() { release_plans(); }

  void add_entity(ModelPlan& plan, bool is_optional);
  void add_value(const types::ColumnType& type, PyObject* from_storage, std::string name);
  std::size_t column_count() const;
  /// Drops the references to plans.
  void release_plans();
};

int traverse_result_plan(const ResultPlan& plan, visitproc visit, void* argument);

}  // namespace bridge::python
