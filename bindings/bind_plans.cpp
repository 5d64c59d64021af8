// ModelPlan and ResultPlan: made once per class and query, immutable after.
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/model_plan.h"
#include "bindings/nodes.h"
#include "bindings/result_plan.h"

namespace bridge::python {
namespace {

constexpr std::string_view kConverter = "a converter";

using AttributeArguments = std::tuple<nb::str, types::ColumnType, nb::object, nb::object>;

Status check_callable(nb::handle object, std::string_view what) {
  if (object.is_none() || PyCallable_Check(object.ptr()) == 1) return {};
  return make_error(ErrorCode::kModel, std::string(what) + " is neither a callable nor None");
}

Result<std::vector<AttributeDescription>> describe_attributes(
    const std::vector<AttributeArguments>& attributes) {
  std::vector<AttributeDescription> descriptions;
  for (const auto& [name, type, to_storage, from_storage] : attributes) {
    BRIDGE_RETURN_IF_ERROR(check_callable(to_storage, kConverter));
    BRIDGE_RETURN_IF_ERROR(check_callable(from_storage, kConverter));
    descriptions.push_back({name.ptr(), type, to_storage.ptr(), from_storage.ptr()});
  }
  return descriptions;
}

Status fill(ModelPlan& plan, nb::handle cls, const Table& table,
            const std::vector<AttributeArguments>& attributes, const std::vector<std::size_t>& key) {
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<AttributeDescription> descriptions,
                          describe_attributes(attributes));
  BRIDGE_RETURN_IF_ERROR(fill_plan(plan, cls.ptr(), table.table, descriptions));
  return set_plan_key(plan, key);
}

Status fill_hooks(ModelPlan& plan, nb::handle on_change, const std::vector<std::size_t>& watched) {
  BRIDGE_RETURN_IF_ERROR(check_callable(on_change, "on_change"));
  return set_plan_watched(plan, on_change.ptr(), watched);
}

void construct_model_plan(nb::pointer_and_handle<ModelPlan> self, nb::handle cls, const Table& table,
                          const std::vector<AttributeArguments>& attributes,
                          const std::vector<std::size_t>& key, nb::handle on_change,
                          const std::vector<std::size_t>& watched, bool has_relations) {
  auto* plan = new (self.p) ModelPlan();
  plan->self = self.h.ptr();
  plan->has_relations = has_relations;
  Status filled = fill(*plan, cls, table, attributes, key);
  if (filled) filled = fill_hooks(*plan, on_change, watched);
  if (filled) return enlist_plan(*plan);
  plan->~ModelPlan();
  raise_error(filled.error());
}

int traverse_model_plan_object(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  return nb::inst_ready(self) ? traverse_plan(*nb::inst_ptr<ModelPlan>(self), visit, arg) : 0;
}
int clear_model_plan_object(PyObject* self) {
  if (nb::inst_ready(self)) clear_plan(*nb::inst_ptr<ModelPlan>(self));
  return 0;
}
PyType_Slot model_plan_slots[] = {
    {Py_tp_traverse, guarded_slot<"ModelPlan.traverse", &traverse_model_plan_object>},
    {Py_tp_clear, guarded_slot<"ModelPlan.clear", &clear_model_plan_object>},
    {0, nullptr}};

constexpr std::size_t kValueItemSize = 3;  // type, converter, name

Status add_value_item(ResultPlan& plan, const nb::tuple& item) {
  if (item.size() != kValueItemSize || !nb::isinstance<types::ColumnType>(item[0]) ||
      !nb::isinstance<nb::str>(item[2])) {
    return make_error(ErrorCode::kQuery,
                      "an item is a ModelPlan, (ModelPlan, bool) or (ColumnType, converter, name)");
  }
  const nb::object converter = item[1];
  BRIDGE_RETURN_IF_ERROR(check_callable(converter, kConverter));
  plan.add_value(nb::cast<const types::ColumnType&>(item[0]), converter.ptr(),
                 nb::cast<std::string>(item[2]));
  return {};
}

Status add_item(ResultPlan& plan, const nb::object& item) {
  if (nb::isinstance<ModelPlan>(item)) {
    plan.add_entity(nb::cast<ModelPlan&>(item), false);
    return {};
  }
  if (!nb::isinstance<nb::tuple>(item))
    return make_error(ErrorCode::kQuery, "an item of a ResultPlan is a ModelPlan or a tuple");
  const auto tuple = nb::borrow<nb::tuple>(item);
  if (tuple.size() == 2 && nb::isinstance<ModelPlan>(tuple[0]) && PyBool_Check(nb::object(tuple[1]).ptr())) {
    plan.add_entity(nb::cast<ModelPlan&>(tuple[0]), nb::object(tuple[1]).is(nb::bool_(true)));
    return {};
  }
  return add_value_item(plan, tuple);
}

Status set_shape(ResultPlan& plan, const nb::object& shape) {
  if (PyCallable_Check(shape.ptr()) == 1) {
    plan.shape = RowShape::kCallable;
    plan.callable = Reference::borrow(shape.ptr());
    return {};
  }
  const std::string name = nb::isinstance<nb::str>(shape) ? nb::cast<std::string>(shape) : std::string();
  if (name == "tuple")
    plan.shape = RowShape::kTuple;
  else if (name != "single")
    return make_error(ErrorCode::kQuery, "a shape is \"single\", \"tuple\" or a callable");
  if (plan.shape == RowShape::kSingle && plan.items.size() != 1)
    return make_error(ErrorCode::kQuery, "the shape \"single\" has exactly one item");
  return {};
}

void construct_result_plan(ResultPlan* self, const std::vector<nb::object>& items, const nb::object& shape,
                           bool is_named) {
  auto* plan = new (self) ResultPlan();
  plan->is_named = is_named;
  Status filled;
  for (const nb::object& item : items) {
    filled = add_item(*plan, item);
    if (!filled) break;
  }
  if (filled) filled = set_shape(*plan, shape);
  if (filled) return;
  plan->~ResultPlan();
  raise_error(filled.error());
}

int traverse_result_plan_object(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  return nb::inst_ready(self) ? traverse_result_plan(*nb::inst_ptr<ResultPlan>(self), visit, arg) : 0;
}
// Items stay: an operation in flight may still read them. Cycles through models are broken at their plans.
int clear_result_plan_object(PyObject* self) {
  if (nb::inst_ready(self)) nb::inst_ptr<ResultPlan>(self)->callable.reset();
  return 0;
}
PyType_Slot result_plan_slots[] = {
    {Py_tp_traverse, guarded_slot<"ResultPlan.traverse", &traverse_result_plan_object>},
    {Py_tp_clear, guarded_slot<"ResultPlan.clear", &clear_result_plan_object>},
    {0, nullptr}};

}  // namespace

void bind_plans(nb::module_& module) {
  nb::class_<ModelPlan> model_plan(module, "ModelPlan", nb::is_final(), nb::type_slots(model_plan_slots));
  def_guarded(model_plan, "__init__", &construct_model_plan, nb::arg("cls"), nb::arg("table"),
              nb::arg("attributes"), nb::arg("key"), nb::kw_only(), nb::arg("on_change") = nb::none(),
              nb::arg("watched") = nb::make_tuple(), nb::arg("has_relations") = false);
  nb::class_<ResultPlan> result_plan(module, "ResultPlan", nb::is_final(), nb::is_generic(),
                                     nb::type_slots(result_plan_slots));
  def_guarded(result_plan, "__init__", &construct_result_plan, nb::arg("items"), nb::arg("shape") = "single",
              nb::kw_only(), nb::arg("named") = false);
}

}  // namespace bridge::python
