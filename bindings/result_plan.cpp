// Holds the parts of a result plan together.
#include "bindings/result_plan.h"

#include "bindings/counting.h"

namespace bridge::python {

void ResultPlan::add_entity(ModelPlan& plan, bool is_optional) {
  ResultItem& item = items.emplace_back();
  hold(plan.self);
  item.plan = &plan;
  item.is_optional = is_optional;
}

void ResultPlan::add_value(const types::ColumnType& type, PyObject* from_storage, std::string name) {
  ResultItem& item = items.emplace_back();
  item.value.context = std::move(name);
  item.value.type = type;
  if (from_storage != nullptr && from_storage != Py_None)
    item.value.from_storage = Reference::borrow(from_storage);
}

std::size_t ResultPlan::column_count() const {
  std::size_t total = 0;
  for (const ResultItem& item : items) total += item.column_count();
  return total;
}

void ResultPlan::release_plans() {
  for (ResultItem& item : items) {
    if (ModelPlan* plan = std::exchange(item.plan, nullptr)) let_go(plan->self);
  }
}

int traverse_result_plan(const ResultPlan& plan, visitproc visit, void* arg) {
  Py_VISIT(plan.callable.get());
  for (const ResultItem& item : plan.items) {
    if (item.plan != nullptr) Py_VISIT(item.plan->self);
    Py_VISIT(item.value.from_storage.get());
  }
  return 0;
}

}  // namespace bridge::python
