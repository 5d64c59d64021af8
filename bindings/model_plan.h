// What the bindings know of one model class: how its instances are made, checked, written and read.
#pragma once

#include <Python.h>

#include <string>
#include <vector>

#include "bindings/convert/convert.h"
#include "bindings/reference.h"
#include "engine/sql/table.h"

namespace bridge::python {

/// One column attribute of a model.
struct Attribute {
  Reference name;
  std::string context;  ///< "Book.price", for messages
  types::ColumnType type;
  Reference to_storage;    ///< Python converter, or empty
  Reference from_storage;  ///< Python converter, or empty
  bool is_watched = false;
  bool is_key = false;
  /// Place of the remembered content of a mutable column (JSON, array) behind the slots; -1 where there is
  /// none.
  Py_ssize_t snapshot = -1;

  Target target() const { return {type, context}; }
  /// Whether a loaded cell may wait for its first reading.
  bool is_lazy() const {
    const bool is_document = type.storage == types::StorageType::kJson;
    return is_decoded_lazily(type.storage) && (!from_storage || is_document) && !is_key;
  }
};

/// Immutable once made (but for the cyclic collector's clearing). Lives in a Python object, `self`; whoever
/// keeps a pointer keeps a reference to that.
struct ModelPlan {
  PyObject* self = nullptr;  ///< borrowed: the object this struct lives in
  Reference cls;
  std::string name;
  sql::TablePtr table;
  std::vector<Attribute> attributes;
  std::vector<std::size_t> key;
  Reference on_change;
  bool has_relations = false;

  // Layout of an instance's items: slots, snapshots, then bit words (changed, lazy).
  Py_ssize_t slot_count = 0;
  Py_ssize_t snapshot_count = 0;
  Py_ssize_t word_count = 0;  ///< words per bit set

  PyTypeObject* type() const {
    // SAFETY: the maker checked it is a class
    return reinterpret_cast<PyTypeObject*>(cls.get());
  }
  Py_ssize_t object_count() const { return slot_count + snapshot_count; }
  Py_ssize_t item_count() const { return object_count() + 2 * word_count; }

  ModelPlan() = default;
  ModelPlan(const ModelPlan&) = delete;
  ModelPlan& operator=(const ModelPlan&) = delete;
  ~ModelPlan();
};

/// One attribute as Python describes it.
struct AttributeDescription {
  PyObject* name = nullptr;  ///< str
  types::ColumnType type;
  PyObject* to_storage = nullptr;    ///< callable or None
  PyObject* from_storage = nullptr;  ///< callable or None
};

/// Fills a plan made for `cls`; kModel when something does not fit the table. Needs the interpreter lock.
Status fill_plan(ModelPlan& plan, PyObject* cls, const sql::TablePtr& table,
                 const std::vector<AttributeDescription>& attributes);
Status set_plan_key(ModelPlan& plan, const std::vector<std::size_t>& key);
Status set_plan_watched(ModelPlan& plan, PyObject* on_change, const std::vector<std::size_t>& watched);

/// Makes the plan findable by its class, for `__new__`; the plan leaves again when destroyed.
void enlist_plan(ModelPlan& plan);
/// The plan of a class, or null.
ModelPlan* find_plan(PyTypeObject* type);

int traverse_plan(const ModelPlan& plan, visitproc visit, void* argument);
void clear_plan(ModelPlan& plan);

}  // namespace bridge::python
