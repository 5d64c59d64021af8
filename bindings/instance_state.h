// What happens to an instance's columns: read, assigned, changed, saved.
#pragma once

#include <Python.h>

#include "bindings/instance_type.h"
#include "engine/types/value.h"

namespace bridge::python {

/// `value` through the attribute's Python converter, where it has one; a new reference, null with a Python
/// error set. None is never converted.
PyObject* to_storage(const Attribute& attribute, PyObject* value);
/// The way back.
PyObject* from_storage(const Attribute& attribute, PyObject* stored);

/// What a slot holds, decoding it first where it is lazy; a new reference, UNSET where empty. Null with
/// DecodeError set for stored text that is no value.
PyObject* read_slot(InstanceObject* instance, std::size_t column);
/// The same, but NotLoadedError for an empty slot.
PyObject* read_loaded_slot(InstanceObject* instance, std::size_t column);

enum class Change : std::uint8_t { kNone, kChanged };
/// Checks `value` strictly and puts it into the slot; UNSET empties it. False with a Python error set, the
/// slot untouched.
bool assign_slot(InstanceObject* instance, std::size_t column, PyObject* value, Change change);
/// Puts a reference (stolen) into a slot as it is, unchecked.
void fill_slot(InstanceObject* instance, std::size_t column, PyObject* value);

/// Checks and binds the value of a slot. False with a Python error set.
bool slot_to_value(InstanceObject* instance, std::size_t column, types::Value& value);

/// Whether the column was assigned, or its mutable content differs from what was loaded or saved.
bool differs_from_database(InstanceObject* instance, std::size_t column);
/// Notes that the database has what the instance has. False with a Python error set.
bool mark_clean(InstanceObject* instance);

}  // namespace bridge::python
