// Reading and writing of columns, and how changes are noticed.
#include "bindings/instance_state.h"

#include "bindings/counting.h"
#include "bindings/error_translation.h"
#include "bindings/identity_map.h"
#include "bindings/python_types.h"

namespace bridge::python {
namespace {

const Attribute& attribute_of(InstanceObject* instance, std::size_t column) {
  return instance->plan->attributes[column];
}

PyObject*& snapshot_of(InstanceObject* instance, const Attribute& attribute) {
  return instance->items[instance->plan->slot_count + attribute.snapshot];
}

// Whether such a value may lead back to the instance that holds it.
bool may_be_in_cycle(const Attribute& attribute, PyObject* value) {
  return PyObject_IS_GC(value) && (attribute.snapshot >= 0 || attribute.to_storage || attribute.from_storage);
}

bool decode_slot(InstanceObject* instance, std::size_t column) {
  const Attribute& attribute = attribute_of(instance, column);
  const Reference text = Reference::borrow(instance->items[column]);
  const Reference decoded = Reference::steal(decode_text(text.get(), attribute.target()));
  if (!decoded) return false;
  PyObject* value = from_storage(attribute, decoded.get());
  if (value == nullptr) return false;
  fill_slot(instance, column, value);
  clear_bit(lazy_word(instance, column), column);
  return true;
}

// The content of a JSON value in a form in which equal documents are equal text.
Reference canonical_json(PyObject* document) {
  return Reference::steal(PyObject_CallOneArg(python_types.json_encode_sorted, document));
}

Reference make_snapshot(const Attribute& attribute, PyObject* held) {
  if (held == nullptr || held == Py_None) return {};
  const Reference stored = Reference::steal(to_storage(attribute, held));
  if (!stored) return {};
  if (attribute.type.storage == types::StorageType::kJson) return canonical_json(stored.get());
  return PyList_Check(stored.get()) ? Reference::steal(PyList_AsTuple(stored.get())) : Reference();
}

// The snapshot of a loaded JSON column is the text as it came.
Reference canonical_snapshot(const Attribute& attribute, PyObject* snapshot) {
  if (attribute.type.storage != types::StorageType::kJson) return Reference::borrow(snapshot);
  const Reference document = Reference::steal(PyObject_CallOneArg(python_types.json_decode, snapshot));
  return document ? canonical_json(document.get()) : Reference();
}

bool is_same_content(PyObject* left, PyObject* right) {
  if (!PyTuple_Check(left) || !PyTuple_Check(right)) return PyObject_RichCompareBool(left, right, Py_EQ) == 1;
  const Py_ssize_t size = PyTuple_GET_SIZE(left);
  if (size != PyTuple_GET_SIZE(right)) return false;
  for (Py_ssize_t index = 0; index < size; ++index) {
    PyObject* const one = PyTuple_GET_ITEM(left, index);
    PyObject* const other = PyTuple_GET_ITEM(right, index);
    // 1, 1.0 and True are equal to Python but not to a database.
    if (Py_TYPE(one) != Py_TYPE(other) || PyObject_RichCompareBool(one, other, Py_EQ) != 1) return false;
  }
  return true;
}

bool has_other_content(InstanceObject* instance, std::size_t column) {
  const Attribute& attribute = attribute_of(instance, column);
  PyObject* const held = instance->items[column];
  if (held == nullptr || held == Py_None || is_lazy(instance, column)) return false;
  PyObject* const snapshot = snapshot_of(instance, attribute);
  if (snapshot == nullptr) return true;
  const Reference now = make_snapshot(attribute, held);
  const Reference then = canonical_snapshot(attribute, snapshot);
  const bool is_same = now && then && is_same_content(now.get(), then.get());
  PyErr_Clear();  // what cannot be written differs from what was read; writing it will say why
  return !is_same;
}

bool notify(InstanceObject* instance, std::size_t column) {
  const Reference callback = instance->plan->on_change;
  const Reference index = Reference::steal(PyLong_FromSize_t(column));
  if (!index) return false;
  PyObject* arguments[] = {as_object(instance), index.get()};
  return static_cast<bool>(
      Reference::steal(PyObject_Vectorcall(callback.get(), arguments, std::size(arguments), nullptr)));
}

// What the slot will hold: the user's own object where a converter stands between, else its exact form.
Reference check_value(const Attribute& attribute, PyObject* value) {
  if (value == unset_object) return Reference::borrow(value);
  const Reference stored = Reference::steal(to_storage(attribute, value));
  if (!stored) return {};
  Reference kept = Reference::steal(to_attribute(stored.get(), attribute.target()));
  return kept && attribute.to_storage ? Reference::borrow(value) : kept;
}

// Whether the slot's value equals this one. What cannot be compared does not.
bool holds(InstanceObject* instance, std::size_t column, PyObject* value) {
  PyObject* held = instance->items[column];
  if (held == nullptr) return false;
  const int is_equal = PyObject_RichCompareBool(held, value, Py_EQ);
  if (is_equal < 0) PyErr_Clear();  // a comparison that fails says that they differ
  return is_equal == 1;
}

}  // namespace

PyObject* to_storage(const Attribute& attribute, PyObject* value) {
  if (!attribute.to_storage || value == Py_None) return share(value);
  return PyObject_CallOneArg(attribute.to_storage.get(), value);
}

PyObject* from_storage(const Attribute& attribute, PyObject* stored) {
  if (!attribute.from_storage || stored == Py_None) return share(stored);
  return PyObject_CallOneArg(attribute.from_storage.get(), stored);
}

PyObject* read_slot(InstanceObject* instance, std::size_t column) {
  if (instance->items[column] == nullptr) return share(unset_object);
  if (is_lazy(instance, column) && !decode_slot(instance, column)) return nullptr;
  return share(instance->items[column]);
}

PyObject* read_loaded_slot(InstanceObject* instance, std::size_t column) {
  if (instance->items[column] != nullptr) return read_slot(instance, column);
  raise_error(ErrorCode::kNotLoaded,
              attribute_of(instance, column).context +
                  (instance->is_persistent
                       ? " is not loaded: await the object, as in `await book.author`, or refresh it"
                       : " has no value yet: the database gives it when the object is saved or refreshed"));
  return nullptr;
}

void fill_slot(InstanceObject* instance, std::size_t column, PyObject* value) {
  if (value != nullptr && may_be_in_cycle(attribute_of(instance, column), value)) track_instance(instance);
  Py_XSETREF(instance->items[column], value);
}

bool assign_slot(InstanceObject* instance, std::size_t column, PyObject* value, Change change) {
  const Attribute& attribute = attribute_of(instance, column);
  Reference kept = check_value(attribute, value);
  if (!kept) return false;
  if (attribute.is_key && instance->identity_table != nullptr && !holds(instance, column, kept.get()))
    instance->identity_table->remove(instance);
  clear_bit(lazy_word(instance, column), column);
  if (change == Change::kChanged)
    set_bit(changed_word(instance, column), column);
  else
    clear_bit(changed_word(instance, column), column);
  if (change == Change::kNone && attribute.snapshot >= 0) {
    Py_XSETREF(snapshot_of(instance, attribute),
               make_snapshot(attribute, value == unset_object ? nullptr : kept.get()).release());
    PyErr_Clear();  // it passed the check a moment ago; without a snapshot the column counts as changed
  }
  fill_slot(instance, column, value == unset_object ? nullptr : kept.release());
  return !attribute.is_watched || change == Change::kNone || notify(instance, column);
}

bool slot_to_value(InstanceObject* instance, std::size_t column, types::Value& value) {
  const Attribute& attribute = attribute_of(instance, column);
  const ScopedReference held = ScopedReference::steal(read_loaded_slot(instance, column));
  if (!held) return false;
  const ScopedReference stored = ScopedReference::steal(to_storage(attribute, held.get()));
  return stored && to_value(stored.get(), attribute.target(), value);
}

bool differs_from_database(InstanceObject* instance, std::size_t column) {
  return is_changed(instance, column) ||
         (attribute_of(instance, column).snapshot >= 0 && has_other_content(instance, column));
}

bool mark_clean(InstanceObject* instance) {
  for (std::size_t column = 0; column < instance->plan->attributes.size(); ++column) {
    const Attribute& attribute = attribute_of(instance, column);
    clear_bit(changed_word(instance, column), column);
    if (attribute.snapshot < 0 || is_lazy(instance, column)) continue;
    Reference snapshot = make_snapshot(attribute, instance->items[column]);
    if (PyErr_Occurred() != nullptr) return false;
    Py_XSETREF(snapshot_of(instance, attribute), snapshot.release());
  }
  return true;
}

}  // namespace bridge::python
