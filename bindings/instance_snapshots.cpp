// Copies of instances' contents, and the way back.
#include "bindings/instance_snapshots.h"

#include <algorithm>
#include <utility>

#include "bindings/counting.h"
#include "bindings/identity_map.h"
#include "bindings/instance_type.h"

namespace bridge::python {
namespace {

std::size_t item_count(const InstanceObject* instance) {
  return static_cast<std::size_t>(instance->plan->item_count());
}

// Room for `count` more, growing at least as fast as adding one by one would.
template <typename Element>
void make_room(std::vector<Element>& vector, std::size_t count) {
  const std::size_t wanted = vector.size() + count;
  if (wanted > vector.capacity()) vector.reserve(std::max(wanted, 2 * vector.capacity()));
}

}  // namespace

void InstanceSnapshots::reserve(std::size_t count, const InstanceObject* example) {
  make_room(snapshots_, count);
  make_room(items_, count * item_count(example));
  known_.reserve(known_.size() + count);
}

bool InstanceSnapshots::add(InstanceObject* instance) {
  if (known_.contains(instance)) return true;
  PyObject* extension = nullptr;
  if (instance->extension != nullptr) {
    extension = PyDict_Copy(instance->extension);
    if (extension == nullptr) return false;
  }
  hold(as_object(instance));
  take({instance, extension, items_.size(), instance->is_persistent}, instance->items);
  const Py_ssize_t references = instance->plan->object_count();
  for (Py_ssize_t index = 0; index < references; ++index) share(instance->items[index]);
  return true;
}

void InstanceSnapshots::take(const Snapshot& snapshot, PyObject* const* items) {
  const std::size_t count = item_count(snapshot.instance);
  known_.insert(snapshot.instance);
  snapshots_.push_back(snapshot);
  snapshots_.back().first_item = items_.size();
  items_.insert(items_.end(), items, items + count);
}

void InstanceSnapshots::inherit(InstanceSnapshots& other) {
  if (&other == this) return;
  InstanceSnapshots left;  // what both know: released when everything is in its place
  for (const Snapshot& snapshot : other.snapshots_) {
    InstanceSnapshots& taker = known_.contains(snapshot.instance) ? left : *this;
    taker.take(snapshot, other.items_.data() + snapshot.first_item);
  }
  other.snapshots_.clear();
  other.items_.clear();
  other.known_.clear();
}

// Nothing is let go before every instance is whole: letting go may run anybody's code.
void InstanceSnapshots::restore() {
  for (Snapshot& snapshot : snapshots_) exchange_contents(snapshot);
  forget();
}

void InstanceSnapshots::exchange_contents(Snapshot& snapshot) {
  InstanceObject* instance = snapshot.instance;
  if (!snapshot.is_persistent && instance->identity_table != nullptr)
    instance->identity_table->remove(instance);
  const auto first = items_.begin() + static_cast<std::ptrdiff_t>(snapshot.first_item);
  std::swap_ranges(first, first + static_cast<std::ptrdiff_t>(item_count(instance)), instance->items);
  std::swap(instance->extension, snapshot.extension);
  instance->is_persistent = snapshot.is_persistent;
}

void InstanceSnapshots::forget() {
  const std::vector<Snapshot> snapshots = std::exchange(snapshots_, {});
  const std::vector<PyObject*> items = std::exchange(items_, {});
  known_.clear();
  for (const Snapshot& snapshot : snapshots) {
    const Py_ssize_t references = snapshot.instance->plan->object_count();
    for (Py_ssize_t index = 0; index < references; ++index)
      let_go(items[snapshot.first_item + static_cast<std::size_t>(index)]);
    let_go(snapshot.extension);
    let_go(as_object(snapshot.instance));
  }
}

int InstanceSnapshots::traverse(visitproc visit, void* arg) const {
  for (const Snapshot& snapshot : snapshots_) {
    Py_VISIT(as_object(snapshot.instance));
    Py_VISIT(snapshot.extension);
    const Py_ssize_t references = snapshot.instance->plan->object_count();
    for (Py_ssize_t index = 0; index < references; ++index)
      Py_VISIT(items_[snapshot.first_item + static_cast<std::size_t>(index)]);
  }
  return 0;
}

}  // namespace bridge::python
