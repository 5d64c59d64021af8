// The passes over many new objects before and after their insertion.
#include "bindings/insert_groups.h"

#include <string>
#include <utility>

#include "bindings/counting.h"
#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "bindings/identity_map.h"
#include "bindings/instance_state.h"
#include "bindings/instance_type.h"

namespace bridge::python {
namespace {

void read_filled(const InstanceObject* instance, std::vector<std::uint64_t>& filled) {
  const auto slots = static_cast<std::size_t>(instance->plan->slot_count);
  filled.assign((slots + kInstanceBitsPerWord - 1) / kInstanceBitsPerWord, 0);
  for (std::size_t column = 0; column < slots; ++column) {
    if (instance->items[column] != nullptr) set_bit(filled[column / kInstanceBitsPerWord], column);
  }
}

bool knows_relations(const InstanceObject* instance) {
  return instance->plan->has_relations && instance->extension != nullptr &&
         PyDict_GET_SIZE(instance->extension) > 0;
}

void unmark(PyObject* list, Py_ssize_t count) {
  for (Py_ssize_t index = 0; index < count; ++index) {
    PyObject* object = PyList_GET_ITEM(list, index);
    if (is_instance(object)) as_instance(object)->is_marked = false;
  }
}

bool raise_about(PyObject* object, const char* complaint) {
  const Reference text = Reference::steal(PyObject_Repr(object));
  const char* characters = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
  if (characters != nullptr) raise_error(ErrorCode::kQuery, std::string(characters) + complaint);
  return false;
}

// An object of a list that may change while Python code runs; empty behind its end.
ScopedReference member_at(PyObject* members, Py_ssize_t index) {
  return ScopedReference::borrow(index < PyList_GET_SIZE(members) ? PyList_GET_ITEM(members, index)
                                                                  : nullptr);
}

bool require_instance(PyObject* object) {
  if (is_instance(object)) return true;
  PyErr_SetString(PyExc_TypeError, "expected an Instance");
  return false;
}

bool adopt(InstanceObject* instance, IdentityMap& map, PyObject* state) {
  if (!mark_clean(instance)) return false;
  instance->is_persistent = true;
  RowKey key;
  if (!read_key(instance, key)) {
    if (PyErr_Occurred() == nullptr)
      raise_error(ErrorCode::kNotLoaded, instance->plan->name + " has no key yet");
    return false;
  }
  map.table_of(*instance->plan).add(key, instance);
  if (!instance->plan->has_relations) return true;
  if (instance->extension == nullptr) {
    instance->extension = PyDict_Copy(state);
    track_instance(instance);
    return instance->extension != nullptr;
  }
  return PyDict_Update(instance->extension, state) == 0;
}

bool fill(InstanceObject* instance, const std::vector<std::size_t>& columns, PyObject* row) {
  if (PyTuple_Check(row) == 0 || PyTuple_GET_SIZE(row) != static_cast<Py_ssize_t>(columns.size())) {
    PyErr_SetString(PyExc_TypeError, "a row is a tuple of as many values as there are columns");
    return false;
  }
  for (std::size_t place = 0; place < columns.size(); ++place) {
    if (columns[place] >= instance->plan->attributes.size()) {
      raise_error(ErrorCode::kModel, instance->plan->name + " has no such column");
      return false;
    }
    PyObject* value = PyTuple_GET_ITEM(row, static_cast<Py_ssize_t>(place));
    if (!assign_slot(instance, columns[place], value, Change::kNone)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::size_t> InsertGroup::filled_columns() const {
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < plan->attributes.size(); ++column) {
    if ((filled[column / kInstanceBitsPerWord] & instance_bit(column)) != 0) columns.push_back(column);
  }
  return columns;
}

bool InsertGrouping::add_all(PyObject* list) {
  Refusal refusal = related_ ? Refusal::kNone : Refusal::kPython;
  Py_ssize_t index = 0;
  {
    const CollectorPaused pause;  // the list and its objects stay as they are
    for (; refusal == Refusal::kNone && index < PyList_GET_SIZE(list); ++index)
      refusal = add(PyList_GET_ITEM(list, index));
    unmark(list, index);
  }
  if (refusal == Refusal::kNone) return true;
  if (refusal == Refusal::kPython) return false;
  const Reference offender = Reference::borrow(PyList_GET_ITEM(list, index - 1));
  if (refusal == Refusal::kPersistent)
    return raise_about(offender.get(), " is in the database already: update it instead");
  if (refusal == Refusal::kTwice) return raise_about(offender.get(), " stands twice among what is inserted");
  raise_error(ErrorCode::kQuery, std::string("objects of models are inserted, not ") +
                                     Py_TYPE(offender.get())->tp_name + " (place " +
                                     std::to_string(index - 1) + ")");
  return false;
}

InsertGrouping::Refusal InsertGrouping::add(PyObject* object) {
  if (!is_instance(object)) return Refusal::kNoInstance;
  InstanceObject* instance = as_instance(object);
  if (instance->is_persistent) return Refusal::kPersistent;
  if (std::exchange(instance->is_marked, true)) return Refusal::kTwice;
  if (knows_relations(instance) && PyList_Append(related_.get(), object) != 0) return Refusal::kPython;
  const InsertGroup* group = group_of(instance);
  return group != nullptr && PyList_Append(group->members.get(), object) == 0 ? Refusal::kNone
                                                                              : Refusal::kPython;
}

InsertGroup* InsertGrouping::group_of(const InstanceObject* instance) {
  read_filled(instance, filled_);
  const auto fits = [&](const InsertGroup& group) {
    return group.plan == instance->plan && group.filled == filled_;
  };
  if (latest_ < groups_.size() && fits(groups_[latest_])) return &groups_[latest_];
  for (latest_ = 0; latest_ < groups_.size(); ++latest_) {
    if (fits(groups_[latest_])) return &groups_[latest_];
  }
  Reference members = Reference::steal(PyList_New(0));
  if (!members) return nullptr;
  groups_.push_back({instance->plan, filled_, std::move(members)});
  return &groups_.back();
}

bool adopt_inserted(PyObject* members, IdentityMap& map, PyObject* state) {
  const CollectorPaused pause;
  for (Py_ssize_t index = 0; const ScopedReference member = member_at(members, index); ++index) {
    if (!require_instance(member.get())) return false;
    InstanceObject* instance = as_instance(member.get());
    if (index == 0) map.table_of(*instance->plan).reserve(static_cast<std::size_t>(PyList_GET_SIZE(members)));
    if (!adopt(instance, map, state)) return false;
  }
  return true;
}

bool fill_generated(PyObject* members, const std::vector<std::size_t>& columns, PyObject* rows) {
  for (Py_ssize_t index = 0; const ScopedReference member = member_at(members, index); ++index) {
    const ScopedReference row = member_at(rows, index);
    if (!row) {
      PyErr_SetString(PyExc_ValueError, "there are fewer rows than objects");
      return false;
    }
    if (!require_instance(member.get()) || !fill(as_instance(member.get()), columns, row.get())) return false;
  }
  return true;
}

}  // namespace bridge::python
