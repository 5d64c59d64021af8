// Makes tuples of rows typed by the wire.
#include "bindings/tuple_collector.h"

#include "bindings/counting.h"
#include "bindings/gil.h"

namespace bridge::python {

Status TupleCollector::on_columns(std::span<const driver::ResultColumn> columns) {
  const GilHeld gil;
  readers_.clear();
  for (const driver::ResultColumn& column : columns)
    readers_.push_back(column.is_typed_by_cell ? make_fundamental_reader() : make_reader(column.type));
  return {};
}

Status TupleCollector::on_batch(const driver::RowBatch& batch) {
  if (!may_touch_python()) return make_error(ErrorCode::kCancelled, "the interpreter is gone");
  const GilHeld gil;
  const CollectorPaused collector;
  if (!rows_) rows_ = Reference::steal(PyList_New(0));
  for (std::size_t row = 0; rows_ && row < batch.row_count(); ++row) {
    Result<Reference> made = make_row(batch, row);
    if (PyErr_Occurred() == nullptr && made) PyList_Append(rows_.get(), made->get());
    if (PyErr_Occurred() != nullptr) break;
    if (!made) return std::move(made).error();
  }
  if (PyErr_Occurred() == nullptr) return {};
  exception_ = take_raised_exception();
  return make_error(ErrorCode::kDecode, "a row could not be made into a tuple");
}

Result<Reference> TupleCollector::make_row(const driver::RowBatch& batch, std::size_t row) {
  const std::span<const driver::Cell> cells = batch.row(row);
  Reference tuple = Reference::steal(PyTuple_New(static_cast<Py_ssize_t>(cells.size())));
  for (std::size_t index = 0; tuple && index < cells.size(); ++index) {
    PyObject* object = Py_None;
    if (cells[index].is_null()) {
      hold(object);
    } else {
      BRIDGE_RETURN_IF_ERROR(
          batch.columns[index].decode(cells[index], batch.columns[index], *readers_[index]));
      object = readers_[index]->take();
    }
    PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(index), object);
  }
  return tuple;
}

void TupleCollector::on_restart() {
  if (!may_touch_python()) return;
  const GilHeld gil;
  rows_.reset();
}

Reference TupleCollector::take_rows() { return rows_ ? std::move(rows_) : Reference::steal(PyList_New(0)); }

}  // namespace bridge::python
