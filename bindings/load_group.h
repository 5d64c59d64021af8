// Siblings that came from one result: who is loaded together when one of them asks for a relation.
#pragma once

#include <Python.h>

#include <cstdint>
#include <vector>

namespace bridge::python {

struct InstanceObject;

/// Members hold their group strongly; the group forgets a member when that is deallocated.
struct LoadGroupObject {
  PyObject_HEAD std::vector<InstanceObject*> members;  ///< borrowed; null where one has died
  std::uint64_t origin;
  PyObject* state;   ///< dict, made when first asked for
  PyObject* handle;  ///< weak reference to what members are loaded by, or null
  PyObject* weak_references;
};

extern PyTypeObject* load_group_type;

/// Makes the type and adds it to the module.
bool add_load_group_type(PyObject* module);
/// A new group without members; null with a Python error set.
LoadGroupObject* make_load_group(std::uint64_t origin);
/// Moves an instance into `group`, out of the one it was in.
void join_group(LoadGroupObject* group, InstanceObject* instance);
/// Takes an instance out of its group and drops its reference to it.
void leave_group(InstanceObject* instance);

}  // namespace bridge::python
