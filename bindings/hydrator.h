// Makes Python objects of rows, batch by batch, by a plan made with the class.
#pragma once

#include <Python.h>

#include <memory>
#include <vector>

#include "bindings/identity_map.h"
#include "bindings/load_group.h"
#include "bindings/result_plan.h"
#include "engine/driver/row_sink.h"

namespace bridge::python {

/// How the cells of one column become objects in this result.
struct ColumnStep {
  const Attribute* attribute = nullptr;
  std::unique_ptr<ObjectReader> reader;
  bool keeps_text = false;  ///< the object is text to be decoded later
};

/// One result on its way to a list. Owned by the operation; called in the loop's thread, takes the lock
/// itself.
class Hydrator final : public driver::RowSink {
 public:
  /// `plan_owner` is the ResultPlan's object and `map_owner` the IdentityMap's (or empty): both are kept
  /// alive.
  Hydrator(const ResultPlan& plan, Reference plan_owner, IdentityMap* map, Reference map_owner,
           std::uint64_t origin);

  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override;

  /// The rows so far, as a list; empty with a Python error set when there is no memory for one.
  Reference take_rows();
  /// An exception raised by Python code (a converter, the row's class), which then explains the failure
  /// better than the engine's error.
  Reference take_exception() { return std::move(exception_); }

 private:
  Status check_names(std::span<const driver::ResultColumn> columns) const;
  Status meet_column(const driver::ResultColumn& column, const Attribute& attribute);
  Status hydrate(const driver::RowBatch& batch);
  Reference make_row(const driver::RowBatch& batch, std::size_t row);
  PyObject* make_item(std::size_t item, std::span<const driver::ResultColumn> columns,
                      std::span<const driver::Cell> cells);
  PyObject* make_value(ColumnStep& step, const driver::ResultColumn& column, const driver::Cell& cell);
  PyObject* make_entity(const ResultItem& item, std::size_t item_index,
                        std::span<const driver::ResultColumn> columns, std::span<const driver::Cell> cells);
  InstanceObject* find_known(const ModelPlan& plan, const IdentityTable& table,
                             std::span<const driver::ResultColumn> columns,
                             std::span<const driver::Cell> cells);
  bool fill(InstanceObject* instance, std::size_t first_step, std::span<const driver::ResultColumn> columns,
            std::span<const driver::Cell> cells);
  bool refresh(InstanceObject* instance, std::size_t first_step,
               std::span<const driver::ResultColumn> columns, std::span<const driver::Cell> cells);
  bool read_into(InstanceObject* instance, std::size_t slot, ColumnStep& step,
                 const driver::ResultColumn& column, const driver::Cell& cell);
  bool place_mutable(InstanceObject* instance, std::size_t slot, const ColumnStep& step, Reference object);
  bool join(InstanceObject* instance);
  void raise_decode_error(const Attribute& attribute, const Error& error);
  Status fail();

  const ResultPlan& plan_;
  Reference plan_owner_;
  IdentityMap* map_;
  Reference map_owner_;
  std::uint64_t origin_;
  std::vector<ColumnStep> steps_;
  std::vector<std::size_t> first_steps_;  ///< per item
  std::vector<IdentityTable*> tables_;    ///< per item; null without a map
  std::vector<Reference> row_items_;
  RowKey key_;
  Reference rows_;
  Reference group_;
  Reference exception_;
};

}  // namespace bridge::python
