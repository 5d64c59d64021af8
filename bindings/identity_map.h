// Key to live instance, weakly: within one map, one row is one object.
#pragma once

#include <Python.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bridge::python {

struct InstanceObject;
struct ModelPlan;
class IdentityMap;

/// The identity of a row: one number, or the bytes of all key parts.
struct RowKey {
  bool is_number = false;
  std::int64_t number = 0;
  std::string bytes{};

  void clear() {
    is_number = false;
    bytes.clear();
  }
};

/// The live instances of one model in one map. Interpreter lock held throughout.
class IdentityTable {
 public:
  explicit IdentityTable(IdentityMap& owner) : owner_(owner) {}

  InstanceObject* find(const RowKey& key) const;
  /// Makes room for so many more.
  void reserve(std::size_t count);
  /// Enters an instance, displacing whoever had the key.
  void add(const RowKey& key, InstanceObject* instance);
  /// Takes out an instance that is in this table.
  void remove(InstanceObject* instance);
  void remove_all();
  /// Everyone in this table, in no order.
  std::vector<InstanceObject*> members() const;
  std::size_t size() const { return by_number_.size() + by_bytes_.size(); }
  IdentityMap& owner() const { return owner_; }

 private:
  struct BytesHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  IdentityMap& owner_;
  std::unordered_map<std::int64_t, InstanceObject*> by_number_;
  std::unordered_map<std::string, InstanceObject*, BytesHash, std::equal_to<>> by_bytes_;
};

/// All tables of one map. Instances never keep it alive: when it goes, they are simply in no map any more.
class IdentityMap {
 public:
  IdentityMap() = default;
  ~IdentityMap();
  IdentityMap(const IdentityMap&) = delete;
  IdentityMap& operator=(const IdentityMap&) = delete;

  IdentityTable& table_of(const ModelPlan& plan);
  std::size_t size() const;
  PyObject* self = nullptr;  ///< borrowed: the object this lives in

 private:
  // Keyed by the table's serial, which is never reused, unlike addresses.
  std::unordered_map<const void*, std::unique_ptr<IdentityTable>> tables_;
  std::vector<std::shared_ptr<const void>> keepers_;
};

/// The key of an instance's slots. False where a part is missing (no Python error) or broken (Python error
/// set).
bool read_key(InstanceObject* instance, RowKey& key);
/// The key from a tuple of Python values, checked strictly; false with a Python error set.
bool read_key(const ModelPlan& plan, PyObject* values, RowKey& key);

}  // namespace bridge::python
