// What instances looked like before they were written, for a rollback.
#pragma once

#include <Python.h>

#include <unordered_set>
#include <vector>

namespace bridge::python {

struct InstanceObject;

/// Keeps instances alive with everything a write may change in them: columns, what counts as changed, the
/// side store, whether a row exists. Knows each instance once, as it was when first added. Interpreter lock
/// held throughout.
class InstanceSnapshots {
 public:
  InstanceSnapshots() = default;
  ~InstanceSnapshots() { forget(); }
  InstanceSnapshots(const InstanceSnapshots&) = delete;
  InstanceSnapshots& operator=(const InstanceSnapshots&) = delete;

  /// Makes room for so many more instances like `example`.
  void reserve(std::size_t count, const InstanceObject* example);
  /// Remembers what `instance` looks like now, unless it is known. False with a Python error set.
  bool add(InstanceObject* instance);
  /// Takes over what `other` knows and this does not; `other` is empty afterwards.
  void inherit(InstanceSnapshots& other);
  /// Makes every instance look as it did, and forgets it. One that had no row leaves its identity map.
  void restore();
  void forget();
  std::size_t size() const { return snapshots_.size(); }

  int traverse(visitproc visit, void* arg) const;

 private:
  struct Snapshot {
    InstanceObject* instance;  ///< owned
    PyObject* extension;       ///< owned: a copy of the side store; null where there was none
    std::size_t first_item;    ///< where its items begin; references among them are owned
    bool is_persistent;
  };
  void take(const Snapshot& snapshot, PyObject* const* items);
  void exchange_contents(Snapshot& snapshot);

  std::vector<Snapshot> snapshots_;
  std::vector<PyObject*> items_;  ///< of all instances, laid out as in them
  std::unordered_set<const InstanceObject*> known_;
};

}  // namespace bridge::python
