// New objects sorted for their insertion, and what becomes of them once their rows exist.
#pragma once

#include <Python.h>

#include <cstdint>
#include <vector>

#include "bindings/model_plan.h"
#include "bindings/reference.h"

namespace bridge::python {

class IdentityTable;
class IdentityMap;
struct InstanceObject;

/// Objects of one class with the same columns set: they go into one statement, or one bulk load.
struct InsertGroup {
  ModelPlan* plan;
  std::vector<std::uint64_t> filled;  ///< bit set of columns
  Reference members;                  ///< list, in the order given

  std::vector<std::size_t> filled_columns() const;
};

/// Sorts a list of objects that have no row yet, in one pass that runs no Python code.
class InsertGrouping {
 public:
  InsertGrouping() : related_(Reference::steal(PyList_New(0))) {}

  /// False with a typed error naming the first that is no instance, is in the database or stands in the list
  /// twice.
  bool add_all(PyObject* list);
  const std::vector<InsertGroup>& groups() const { return groups_; }
  /// List of those that know relations, whose keys may have to be taken from parents.
  const Reference& related() const { return related_; }

 private:
  enum class Refusal : std::uint8_t { kNone, kNoInstance, kPersistent, kTwice, kPython };
  Refusal add(PyObject* object);
  InsertGroup* group_of(const InstanceObject* instance);

  std::vector<InsertGroup> groups_;
  Reference related_;
  std::size_t latest_ = 0;  ///< where the object before went: its neighbour most likely follows
  std::vector<std::uint64_t> filled_;
};

/// Notes that the list's objects have rows now: clean, persistent, in `map`. Those whose models have
/// relations get the entries of `state` into their side store. False with a Python error set.
bool adopt_inserted(PyObject* members, IdentityMap& map, PyObject* state);

/// Puts what the database generated into the objects, one tuple of `columns` each. False with a Python error
/// set.
bool fill_generated(PyObject* members, const std::vector<std::size_t>& columns, PyObject* rows);

}  // namespace bridge::python
