// ArrowTable: a result as Arrow columns, and the query that fills it.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/arrow_capsules.h"
#include "bindings/completions.h"
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/operations.h"
#include "bindings/python_engine.h"
#include "engine/arrow/export.h"
#include "engine/arrow/table_sink.h"

namespace bridge::python {
namespace {

/// ArrowTable as Python holds it. Consumers of its streams do not need it any more.
struct PythonArrowTable {
  std::shared_ptr<const arrow::Table> table;
};

// NOLINTNEXTLINE(readability-function-size): the parameters are those of Engine.run
Result<nb::object> fetch_arrow(PythonEngine& self, const Statement& statement, std::vector<std::string> names,
                               nb::handle transaction, std::optional<double> timeout, std::uint64_t origin) {
  const PythonTransaction* block = nullptr;
  if (!transaction.is_none() && !nb::try_cast(transaction, block))
    throw nb::type_error("transaction is neither a Transaction nor None");
  const auto sink = std::make_shared<arrow::TableSink>(std::move(names));
  auto make_result = [sink](const driver::Outcome&) {
    return Reference::steal(nb::cast(PythonArrowTable{sink->take_table()}).release().ptr());
  };
  return start_operation(
      *self.handle, timeout, [&](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
        return engine.execute({.statement = statement.statement,
                               .sink = sink,
                               .transaction = block == nullptr ? nullptr : block->transaction,
                               .deadline = deadline,
                               .origin = origin,
                               .read_operation = telemetry::Operation::kFetchArrow,
                               .on_done = make_outcome_completion("Engine.fetch_arrow", pending,
                                                                  std::move(make_result), nullptr)});
      });
}

std::int64_t row_count(const PythonArrowTable& self) { return self.table->row_count(); }
std::size_t batch_count(const PythonArrowTable& self) { return self.table->batches.size(); }

std::vector<std::string> column_names(const PythonArrowTable& self) {
  std::vector<std::string> names;
  for (const arrow::Field& field : self.table->fields) names.push_back(field.name);
  return names;
}

// The consumer's wishes are advice only: it casts what it does not like itself.
Result<nb::object> export_stream(const PythonArrowTable& self, nb::handle /*requested_schema*/) {
  auto stream = std::make_unique<ArrowArrayStream>();
  arrow::export_stream(self.table, *stream);
  return make_capsule(std::move(stream));
}

Result<nb::object> export_schema(const PythonArrowTable& self) {
  auto schema = std::make_unique<ArrowSchema>();
  BRIDGE_RETURN_IF_ERROR(arrow::export_schema(*self.table, *schema));
  return make_capsule(std::move(schema));
}

}  // namespace

void bind_arrow(nb::module_& module) {
  nb::class_<PythonArrowTable> table(module, "ArrowTable", nb::is_final(), nb::is_weak_referenceable());
  def_property_guarded(table, "row_count", &row_count);
  def_property_guarded(table, "batch_count", &batch_count);
  def_property_guarded(table, "column_names", &column_names);
  def_guarded(table, "__arrow_c_stream__", &export_stream, nb::arg("requested_schema") = nb::none());
  def_guarded(table, "__arrow_c_schema__", &export_schema);
  auto engine = nb::borrow<nb::class_<PythonEngine>>(nb::type<PythonEngine>());
  def_guarded(engine, "fetch_arrow", &fetch_arrow, nb::arg("statement"), nb::arg("names"),
              nb::arg("transaction").none(), nb::arg("timeout").none(), nb::arg("origin"));
}

}  // namespace bridge::python
