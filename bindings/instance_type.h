// The hot type: a model instance, whose columns lie in one block behind its header.
#pragma once

#include <Python.h>

#include <cstdint>
#include <string>

#include "bindings/model_plan.h"

namespace bridge::python {

struct LoadGroupObject;
class IdentityTable;

/// `items` holds the plan's slots, its snapshots, then two bit sets (changed, lazy). A null slot is empty; a
/// lazy one holds the text of its value. Tracked by the cyclic collector only from the moment something in it
/// could be part of a cycle.
struct InstanceObject {
  PyObject_VAR_HEAD PyObject* weak_references;
  ModelPlan* plan;  ///< a reference to plan->self is held
  PyObject* extension;
  LoadGroupObject* group;
  IdentityTable* identity_table;  ///< null while in no map
  std::int64_t identity_number;
  const std::string* identity_bytes;  ///< owned by the table; null for number keys
  std::size_t group_index;
  bool is_persistent;
  bool is_marked;  ///< seen by the native pass that runs; never set while Python code runs
  PyObject* items[1];
};

extern PyTypeObject* instance_type;
/// Stands for an empty slot wherever Python sees one.
extern PyObject* unset_object;

bool add_instance_type(PyObject* module);
/// A new instance with empty slots, unknown to the collector until it is tracked; null with a Python error
/// set.
InstanceObject* make_instance(ModelPlan& plan);
/// Makes the collector look into an instance from now on.
void track_instance(InstanceObject* instance);

inline PyObject* as_object(InstanceObject* instance) {
  // SAFETY: begins with PyObject_VAR_HEAD
  return reinterpret_cast<PyObject*>(instance);
}
inline bool is_instance(PyObject* object) { return PyObject_TypeCheck(object, instance_type) != 0; }
inline InstanceObject* as_instance(PyObject* object) {
  return reinterpret_cast<InstanceObject*>(object);  // SAFETY: callers have checked with is_instance
}

inline constexpr std::size_t kInstanceBitsPerWord = 64;
inline std::uint64_t* instance_words(InstanceObject* instance) {
  // SAFETY: make_instance reserved these items for bits
  return reinterpret_cast<std::uint64_t*>(instance->items + instance->plan->object_count());
}
inline std::uint64_t instance_bit(std::size_t column) {
  return std::uint64_t{1} << (column % kInstanceBitsPerWord);
}
inline std::uint64_t& changed_word(InstanceObject* instance, std::size_t column) {
  return instance_words(instance)[column / kInstanceBitsPerWord];
}
inline std::uint64_t& lazy_word(InstanceObject* instance, std::size_t column) {
  return instance_words(
      instance)[static_cast<std::size_t>(instance->plan->word_count) + column / kInstanceBitsPerWord];
}
inline bool is_changed(InstanceObject* instance, std::size_t column) {
  return (changed_word(instance, column) & instance_bit(column)) != 0;
}
inline bool is_lazy(InstanceObject* instance, std::size_t column) {
  return (lazy_word(instance, column) & instance_bit(column)) != 0;
}
inline void set_bit(std::uint64_t& word, std::size_t column) { word |= instance_bit(column); }
inline void clear_bit(std::uint64_t& word, std::size_t column) { word &= ~instance_bit(column); }

}  // namespace bridge::python
