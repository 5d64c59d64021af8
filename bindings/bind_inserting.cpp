// Many objects at once: sorted before they are inserted, adopted afterwards, remembered for a rollback.
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/identity_map.h"
#include "bindings/insert_groups.h"
#include "bindings/instance_snapshots.h"
#include "bindings/instance_type.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

void require_list(nb::handle object) {
  if (PyList_Check(object.ptr()) == 0) throw nb::type_error("expected a list");
}

nb::object describe(const InsertGroup& group) {
  nb::list columns;
  for (const std::size_t column : group.filled_columns()) columns.append(column);
  return nb::make_tuple(nb::borrow(group.plan->cls.get()), nb::tuple(columns),
                        nb::borrow(group.members.get()));
}

nb::object group_for_insert(nb::handle instances) {
  require_list(instances);
  InsertGrouping grouping;
  if (!grouping.add_all(instances.ptr())) return {};
  nb::list groups;
  for (const InsertGroup& group : grouping.groups()) groups.append(describe(group));
  return nb::make_tuple(groups, nb::borrow(grouping.related().get()));
}

void adopt_members(nb::handle members, IdentityMap& map, nb::handle state) {
  require_list(members);
  if (PyDict_Check(state.ptr()) == 0) throw nb::type_error("expected a dict");
  static_cast<void>(adopt_inserted(members.ptr(), map, state.ptr()));  // the guard sees the Python error
}

void fill_members(nb::handle members, const std::vector<std::size_t>& columns, nb::handle rows) {
  require_list(members);
  require_list(rows);
  static_cast<void>(fill_generated(members.ptr(), columns, rows.ptr()));  // the guard sees the Python error
}

void construct_snapshots(InstanceSnapshots* self) { new (self) InstanceSnapshots(); }

void add_to_snapshots(InstanceSnapshots& snapshots, nb::handle instances) {
  require_list(instances);
  PyObject* list = instances.ptr();
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(list); ++index) {
    PyObject* object = PyList_GET_ITEM(list, index);
    if (!is_instance(object)) throw nb::type_error("expected an Instance");
    if (index == 0) snapshots.reserve(static_cast<std::size_t>(PyList_GET_SIZE(list)), as_instance(object));
    if (!snapshots.add(as_instance(object))) return;
  }
}

void inherit_snapshots(InstanceSnapshots& snapshots, InstanceSnapshots& other) { snapshots.inherit(other); }
void restore_snapshots(InstanceSnapshots& snapshots) { snapshots.restore(); }
void forget_snapshots(InstanceSnapshots& snapshots) { snapshots.forget(); }
std::size_t count_snapshots(const InstanceSnapshots& snapshots) { return snapshots.size(); }

int traverse_snapshots(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  return nb::inst_ready(self) ? nb::inst_ptr<InstanceSnapshots>(self)->traverse(visit, arg) : 0;
}
int clear_snapshots(PyObject* self) {
  if (nb::inst_ready(self)) nb::inst_ptr<InstanceSnapshots>(self)->forget();
  return 0;
}
PyType_Slot snapshots_slots[] = {{Py_tp_traverse, guarded_slot<"Snapshots.traverse", &traverse_snapshots>},
                                 {Py_tp_clear, guarded_slot<"Snapshots.clear", &clear_snapshots>},
                                 {0, nullptr}};

}  // namespace

void bind_inserting(nb::module_& module) {
  def_guarded(module, "group_for_insert", &group_for_insert, nb::arg("instances"));
  def_guarded(module, "adopt_inserted", &adopt_members, nb::arg("members"), nb::arg("identity_map"),
              nb::arg("state"));
  def_guarded(module, "fill_generated", &fill_members, nb::arg("members"), nb::arg("columns"),
              nb::arg("rows"));
  nb::class_<InstanceSnapshots> snapshots(module, "Snapshots", nb::is_final(),
                                          nb::type_slots(snapshots_slots));
  def_guarded(snapshots, "__init__", &construct_snapshots);
  def_guarded(snapshots, "add", &add_to_snapshots, nb::arg("instances"));
  def_guarded(snapshots, "inherit", &inherit_snapshots, nb::arg("other"));
  def_guarded(snapshots, "restore", &restore_snapshots);
  def_guarded(snapshots, "forget", &forget_snapshots);
  def_guarded(snapshots, "__len__", &count_snapshots);
}

}  // namespace bridge::python
