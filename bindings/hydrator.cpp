// The loop that makes objects: cells are decoded where they lie, straight into slots.
#include "bindings/hydrator.h"

#include <string>

#include "bindings/counting.h"
#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "bindings/instance_state.h"
#include "bindings/row_key.h"

namespace bridge::python {
namespace {

bool is_integer(types::StorageType type) {
  return type == types::StorageType::kInt16 || type == types::StorageType::kInt32 ||
         type == types::StorageType::kInt64;
}

// Same storage, or an integer that fits into the wider one without loss.
bool can_hold(const types::ColumnType& expected, const types::ColumnType& received) {
  if (expected.storage == received.storage)
    return expected.storage != types::StorageType::kArray || expected.element == received.element;
  return is_integer(expected.storage) && is_integer(received.storage) && received.storage < expected.storage;
}

bool is_key_null(const ModelPlan& plan, std::span<const driver::Cell> cells) {
  for (const std::size_t column : plan.key) {
    if (!cells[column].is_null()) return false;
  }
  return true;
}

void remember_snapshot(InstanceObject* instance, const Attribute& attribute, PyObject* snapshot) {
  PyObject*& place = instance->items[instance->plan->slot_count + attribute.snapshot];
  Py_XSETREF(place, share(snapshot));
}

}  // namespace

Hydrator::Hydrator(const ResultPlan& plan, Reference plan_owner, IdentityMap* map, Reference map_owner,
                   std::uint64_t origin)
    : plan_(plan),
      plan_owner_(std::move(plan_owner)),
      map_(map),
      map_owner_(std::move(map_owner)),
      origin_(origin),
      row_items_(plan.items.size()) {}

Status Hydrator::on_columns(std::span<const driver::ResultColumn> columns) {
  const GilHeld gil;
  steps_.clear();
  first_steps_.clear();
  tables_.clear();
  if (columns.size() != plan_.column_count()) {
    return make_error(ErrorCode::kDecode, "the result has " + std::to_string(columns.size()) +
                                              " columns, expected " + std::to_string(plan_.column_count()));
  }
  if (plan_.is_named) BRIDGE_RETURN_IF_ERROR(check_names(columns));
  for (const ResultItem& item : plan_.items) {
    const std::size_t first = steps_.size();
    first_steps_.push_back(first);
    tables_.push_back(item.plan != nullptr && map_ != nullptr && !item.plan->key.empty()
                          ? &map_->table_of(*item.plan)
                          : nullptr);
    for (std::size_t index = 0; index < item.column_count(); ++index) {
      BRIDGE_RETURN_IF_ERROR(meet_column(columns[first + index],
                                         item.plan == nullptr ? item.value : item.plan->attributes[index]));
    }
    if (item.plan != nullptr) continue;
    ColumnStep& step = steps_.back();  // a value is no slot that could wait: it is read now
    step.reader = make_reader(item.value.type);
    step.keeps_text = false;
  }
  return {};
}

Status Hydrator::check_names(std::span<const driver::ResultColumn> columns) const {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const std::string& wanted = plan_.items[index].value.context;
    if (columns[index].name == wanted) continue;
    return make_error(ErrorCode::kDecode, "column " + std::to_string(index + 1) +
                                              " of the result is called " + columns[index].name + " where " +
                                              wanted + " is expected");
  }
  return {};
}

Status Hydrator::meet_column(const driver::ResultColumn& column, const Attribute& attribute) {
  if (!can_hold(attribute.type, column.type)) {
    return make_error(ErrorCode::kDecode, attribute.context + ": expected " + describe(attribute.type) +
                                              ", the database has " + describe(column.type));
  }
  ColumnStep& step = steps_.emplace_back();
  step.attribute = &attribute;
  // JSON keeps its text in any case: it is what later content is compared with.
  step.keeps_text = attribute.is_lazy() || attribute.type.storage == types::StorageType::kJson;
  step.reader = step.keeps_text ? make_text_reader(attribute.type) : make_reader(attribute.type);
  return {};
}

Status Hydrator::on_batch(const driver::RowBatch& batch) {
  if (!may_touch_python()) return make_error(ErrorCode::kCancelled, "the interpreter is gone");
  const GilHeld gil;
  const CollectorPaused collector;
  if (!rows_) rows_ = Reference::steal(PyList_New(0));
  return rows_ ? hydrate(batch) : fail();
}

Status Hydrator::hydrate(const driver::RowBatch& batch) {
  for (std::size_t row = 0; row < batch.row_count(); ++row) {
    const Reference made = make_row(batch, row);
    if (!made || PyList_Append(rows_.get(), made.get()) != 0) return fail();
  }
  return {};
}

Reference Hydrator::make_row(const driver::RowBatch& batch, std::size_t row) {
  const std::span<const driver::Cell> cells = batch.row(row);
  if (plan_.shape == RowShape::kSingle) return Reference::steal(make_item(0, batch.columns, cells));
  for (std::size_t item = 0; item < plan_.items.size(); ++item) {
    row_items_[item] = Reference::steal(make_item(item, batch.columns, cells));
    if (!row_items_[item]) return {};
  }
  if (plan_.shape == RowShape::kCallable) {
    std::vector<PyObject*> arguments;
    for (const Reference& item : row_items_) arguments.push_back(item.get());
    return Reference::steal(
        PyObject_Vectorcall(plan_.callable.get(), arguments.data(), arguments.size(), nullptr));
  }
  Reference tuple = Reference::steal(PyTuple_New(static_cast<Py_ssize_t>(row_items_.size())));
  if (!tuple) return {};
  for (std::size_t item = 0; item < row_items_.size(); ++item) {
    PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(item), row_items_[item].release());
  }
  return tuple;
}

PyObject* Hydrator::make_item(std::size_t item, std::span<const driver::ResultColumn> columns,
                              std::span<const driver::Cell> cells) {
  const ResultItem& wanted = plan_.items[item];
  const std::size_t first = first_steps_[item];
  if (wanted.plan == nullptr) return make_value(steps_[first], columns[first], cells[first]);
  const std::size_t count = wanted.column_count();
  const auto own_cells = cells.subspan(first, count);
  if (wanted.is_optional && is_key_null(*wanted.plan, own_cells)) return share(Py_None);
  return make_entity(wanted, item, columns.subspan(first, count), own_cells);
}

PyObject* Hydrator::make_value(ColumnStep& step, const driver::ResultColumn& column,
                               const driver::Cell& cell) {
  if (cell.is_null()) {
    if (step.attribute->type.is_nullable) return share(Py_None);
    raise_decode_error(*step.attribute,
                       make_error(ErrorCode::kDecode, "a value that cannot be None is NULL"));
    return nullptr;
  }
  const Status visited = column.decode(cell, column, *step.reader);
  if (!visited) {
    raise_decode_error(*step.attribute, visited.error());
    return nullptr;
  }
  PyObject* object = step.reader->take();
  if (!step.attribute->from_storage || step.keeps_text) return object;
  const Reference stored = Reference::steal(object);
  return from_storage(*step.attribute, stored.get());
}

PyObject* Hydrator::make_entity(const ResultItem& item, std::size_t item_index,
                                std::span<const driver::ResultColumn> columns,
                                std::span<const driver::Cell> cells) {
  const std::size_t first = first_steps_[item_index];
  IdentityTable* table = tables_[item_index];
  if (table != nullptr) {
    InstanceObject* known = find_known(*item.plan, *table, columns, cells);
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (known != nullptr) {
      // The identity map holds what is alive; a reference of one's own keeps it so.
      const Reference alive = Reference::borrow(as_object(known));
      return refresh(known, first, columns, cells) && join(known) ? alive.new_reference() : nullptr;
    }
  }
  InstanceObject* made = make_instance(*item.plan);
  if (made == nullptr) return nullptr;
  Reference owned = Reference::steal(as_object(made));
  made->is_persistent = true;
  if (!fill(made, first, columns, cells) || !join(made)) return nullptr;
  if (table != nullptr) table->add(key_, made);
  return owned.release();
}

// Leaves the row's key in key_.
InstanceObject* Hydrator::find_known(const ModelPlan& plan, const IdentityTable& table,
                                     std::span<const driver::ResultColumn> columns,
                                     std::span<const driver::Cell> cells) {
  RowKeyWriter writer(plan, key_);
  for (const std::size_t column : plan.key) {
    const Status visited = cells[column].is_null()
                               ? writer.on_null()
                               : columns[column].decode(cells[column], columns[column], writer);
    if (!visited) {
      raise_decode_error(plan.attributes[column], visited.error());
      return nullptr;
    }
  }
  return table.find(key_);
}

bool Hydrator::fill(InstanceObject* instance, std::size_t first_step,
                    std::span<const driver::ResultColumn> columns, std::span<const driver::Cell> cells) {
  for (std::size_t slot = 0; slot < cells.size(); ++slot) {
    if (!read_into(instance, slot, steps_[first_step + slot], columns[slot], cells[slot])) return false;
  }
  return true;
}

// Fresh data never overwrites what was changed here.
bool Hydrator::refresh(InstanceObject* instance, std::size_t first_step,
                       std::span<const driver::ResultColumn> columns, std::span<const driver::Cell> cells) {
  instance->is_persistent = true;
  for (std::size_t slot = 0; slot < cells.size(); ++slot) {
    if (differs_from_database(instance, slot)) continue;
    clear_bit(lazy_word(instance, slot), slot);
    if (!read_into(instance, slot, steps_[first_step + slot], columns[slot], cells[slot])) return false;
  }
  return true;
}

bool Hydrator::read_into(InstanceObject* instance, std::size_t slot, ColumnStep& step,
                         const driver::ResultColumn& column, const driver::Cell& cell) {
  Reference object = Reference::steal(make_value(step, column, cell));
  if (!object) return false;
  if (step.attribute->snapshot >= 0) return place_mutable(instance, slot, step, std::move(object));
  if (step.keeps_text && object.get() != Py_None) set_bit(lazy_word(instance, slot), slot);
  fill_slot(instance, slot, object.release());
  return true;
}

// JSON stays text until it is asked for, and so does what a converter makes of it; a list's members are
// remembered as they came.
bool Hydrator::place_mutable(InstanceObject* instance, std::size_t slot, const ColumnStep& step,
                             Reference object) {
  const Attribute& attribute = *step.attribute;
  const bool is_null = object.get() == Py_None;
  Reference snapshot = object;
  if (!is_null && attribute.type.storage == types::StorageType::kArray) {
    const Reference stored = Reference::steal(to_storage(attribute, object.get()));
    snapshot =
        stored && PyList_Check(stored.get()) ? Reference::steal(PyList_AsTuple(stored.get())) : Reference();
    if (PyErr_Occurred() != nullptr) return false;
  }
  remember_snapshot(instance, attribute, is_null ? nullptr : snapshot.get());
  if (step.keeps_text && !is_null) {
    if (attribute.is_lazy()) {
      set_bit(lazy_word(instance, slot), slot);
    } else {
      const Reference document = Reference::steal(decode_text(object.get(), attribute.target()));
      object = document ? Reference::steal(from_storage(attribute, document.get())) : Reference();
      if (!object) return false;
    }
  }
  fill_slot(instance, slot, object.release());
  return true;
}

bool Hydrator::join(InstanceObject* instance) {
  if (!instance->plan->has_relations) return true;
  if (!group_)
    group_ = Reference::steal(
        reinterpret_cast<PyObject*>(make_load_group(origin_)));  // SAFETY: begins with PyObject_HEAD
  if (!group_) return false;
  join_group(reinterpret_cast<LoadGroupObject*>(group_.get()), instance);  // SAFETY: made one line above
  return true;
}

// A Python exception raised while reading becomes the cause.
void Hydrator::raise_decode_error(const Attribute& attribute, const Error& error) {
  raise_error_from_current(error.code(), attribute.context + ": " + error.message());
}

Status Hydrator::fail() {
  exception_ = take_raised_exception();
  return make_error(ErrorCode::kDecode, "a row could not be made into a Python object");
}

void Hydrator::on_restart() {
  if (!may_touch_python()) return;
  const GilHeld gil;
  rows_.reset();
  group_.reset();
}

Reference Hydrator::take_rows() { return rows_ ? std::move(rows_) : Reference::steal(PyList_New(0)); }

}  // namespace bridge::python
