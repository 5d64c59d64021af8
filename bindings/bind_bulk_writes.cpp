// Many objects of the database at once: sorted before they are updated, bound as rows, told that they were
// written.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/instance_state.h"
#include "bindings/instance_type.h"
#include "bindings/nodes.h"
#include "bindings/row_lists.h"

namespace bridge::python {
namespace {

using Columns = std::vector<std::size_t>;

// The objects of a list, held while Python code may run that changes it. Throws TypeError for anything else.
std::vector<nb::object> members_of(nb::handle list) {
  if (PyList_Check(list.ptr()) == 0) throw nb::type_error("expected a list");
  std::vector<nb::object> members;
  members.reserve(static_cast<std::size_t>(PyList_GET_SIZE(list.ptr())));
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(list.ptr()); ++index) {
    PyObject* member = PyList_GET_ITEM(list.ptr(), index);
    if (!is_instance(member)) throw nb::type_error("expected an Instance");
    members.push_back(nb::borrow(member));
  }
  return members;
}

Columns changed_columns_of(InstanceObject* instance) {
  Columns changed;
  for (std::size_t column = 0; column < instance->plan->attributes.size(); ++column) {
    if (differs_from_database(instance, column)) changed.push_back(column);
  }
  if (PyErr_Occurred() != nullptr) throw nb::python_error();
  return changed;
}

/// Objects of one class whose changed columns are the same.
struct ChangeGroup {
  const ModelPlan* plan;
  Columns columns;
  nb::list members;
};

nb::list group_changed(nb::handle instances) {
  std::vector<ChangeGroup> groups;
  std::size_t latest = 0;
  for (const nb::object& member : members_of(instances)) {
    InstanceObject* instance = as_instance(member.ptr());
    Columns columns = changed_columns_of(instance);
    if (columns.empty()) continue;
    const auto fits = [&](const ChangeGroup& group) {
      return group.plan == instance->plan && group.columns == columns;
    };
    if (latest >= groups.size() || !fits(groups[latest])) {
      const auto found = std::find_if(groups.begin(), groups.end(), fits);
      latest = static_cast<std::size_t>(found - groups.begin());
      if (found == groups.end()) groups.push_back({instance->plan, std::move(columns), nb::list()});
    }
    groups[latest].members.append(member);
  }
  nb::list described;
  for (const ChangeGroup& group : groups) {
    nb::list columns;
    for (const std::size_t column : group.columns) columns.append(column);
    described.append(nb::make_tuple(nb::borrow(group.plan->cls.get()), nb::tuple(columns), group.members));
  }
  return described;
}

// The values of one column, in the order of the objects.
std::vector<types::Value> list_column(const std::vector<nb::object>& members, std::size_t column) {
  std::vector<types::Value> values(members.size());
  for (std::size_t row = 0; row < members.size(); ++row) {
    if (!slot_to_value(as_instance(members[row].ptr()), column, values[row])) throw nb::python_error();
  }
  return values;
}

Result<Source> instance_rows(const Source& source, const std::string& name, nb::handle instances,
                             const Columns& columns) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  const std::vector<nb::object> members = members_of(instances);
  const sql::Table& table = *source.source->table;
  for (const nb::object& member : members) {
    if (as_instance(member.ptr())->plan->table.get() != &table)
      return make_error(ErrorCode::kQuery, "rows are made of objects of " + table.name.text());
  }
  std::vector<sql::Column> described;
  std::vector<std::vector<types::Value>> lists;
  for (const std::size_t column : columns) {
    if (column >= table.columns.size())
      return make_error(ErrorCode::kQuery, table.name.text() + " has no such column");
    described.push_back({.name = table.columns[column].name, .type = table.columns[column].type});
    lists.push_back(list_column(members, column));
  }
  if (members.empty() || columns.empty())
    return make_error(ErrorCode::kQuery, "rows are made of objects and their columns");
  return make_row_lists(identifier, std::move(described), std::move(lists));
}

// The version that the database's row has now, after the statement that was sent.
bool raise_version(InstanceObject* instance, std::size_t column) {
  const Reference one = Reference::steal(PyLong_FromLong(1));
  const Reference old = Reference::steal(read_loaded_slot(instance, column));
  if (!one || !old) return false;
  const Reference next = Reference::steal(PyNumber_Add(old.get(), one.get()));
  return next && assign_slot(instance, column, next.get(), Change::kNone);
}

void mark_updated(nb::handle instances, std::optional<std::size_t> version) {
  for (const nb::object& member : members_of(instances)) {
    InstanceObject* instance = as_instance(member.ptr());
    if (version && *version >= instance->plan->attributes.size())
      return raise_error(ErrorCode::kModel, instance->plan->name + " has no such column");
    if (version && !raise_version(instance, *version)) throw nb::python_error();
    if (!mark_clean(instance)) throw nb::python_error();
  }
}

}  // namespace

void bind_bulk_writes(nb::module_& module) {
  def_guarded(module, "group_changed", &group_changed, nb::arg("instances"));
  def_guarded(module, "instance_rows", &instance_rows, nb::arg("source"), nb::arg("name"),
              nb::arg("instances"), nb::arg("columns"));
  def_guarded(module, "mark_updated", &mark_updated, nb::arg("instances"), nb::arg("version").none());
}

}  // namespace bridge::python
