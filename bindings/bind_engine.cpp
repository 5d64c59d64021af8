// Engine and Outcome: statements go in, pending results come out.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bindings/bulk_rows.h"
#include "bindings/completions.h"
#include "bindings/engine_options.h"
#include "bindings/ffi_guard.h"
#include "bindings/hydrator.h"
#include "bindings/lookup_key.h"
#include "bindings/nodes.h"
#include "bindings/operations.h"
#include "bindings/python_engine.h"
#include "bindings/row_encoder.h"
#include "bindings/row_limit.h"
#include "bindings/tuple_collector.h"
#include "engine/execution/drivers.h"
#include "engine/sql/compiler.h"

namespace bridge::python {
namespace {

void construct(PythonEngine* self, const std::string& url, const PythonHost& host, const nb::dict& options,
               nb::handle on_event) {
  if (!on_event.is_none() && PyCallable_Check(on_event.ptr()) == 0)
    throw nb::type_error("on_event is neither a callable nor None");
  Result<execution::EngineOptions> parsed = read_engine_options(options);
  if (!parsed) return raise_error(parsed.error());
  if (const Status status = host.host->check_place(); !status) return raise_error(status.error());
  Result<std::shared_ptr<EngineHandle>> opened = EngineHandle::open(
      url, host.host, *parsed, on_event.is_none() ? Reference() : Reference::borrow(on_event.ptr()));
  if (!opened) return raise_error(opened.error());
  new (self) PythonEngine(std::move(opened).value());
}

Result<nb::object> connect(PythonEngine& self, std::optional<double> timeout) {
  return start_operation(*self.handle, timeout,
                         [](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
                           engine.connect(deadline, make_none_completion("Engine.connect", pending));
                           return execution::Operation();
                         });
}

Result<nb::object> close(PythonEngine& self, std::optional<double> timeout) {
  return start_operation(*self.handle, timeout,
                         [](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
                           engine.close(deadline, make_none_completion("Engine.close", pending));
                           return execution::Operation();
                         });
}

void set_listener(PythonEngine& self, nb::handle listener) {
  if (!listener.is_none() && PyCallable_Check(listener.ptr()) == 0)
    throw nb::type_error("listener is neither a callable nor None");
  self.handle->set_listener(listener.is_none() ? Reference() : Reference::borrow(listener.ptr()));
}

void close_now(PythonEngine& self) { self.handle->close_now(); }

// None for nothing, or the C++ object behind a handle together with a reference to it.
template <typename Bound>
Bound* optional_argument(nb::handle object, const char* expected) {
  if (object.is_none()) return nullptr;
  if (!nb::isinstance<Bound>(object)) throw nb::type_error(expected);
  return nb::cast<Bound*>(object);
}

/// A statement's arguments, checked and kept alive.
struct RunArguments {
  const Statement& statement;
  nb::handle plan;
  nb::handle identity_map;
  nb::handle transaction;
  std::optional<double> timeout;
  std::uint64_t origin;
  nb::handle limit;  ///< (rows, exception) or None
  std::vector<types::Value> values = {};
};

std::shared_ptr<Hydrator> make_hydrator(const RunArguments& arguments) {
  const auto* plan = optional_argument<ResultPlan>(arguments.plan, "plan is neither a ResultPlan nor None");
  auto* map = optional_argument<IdentityMap>(arguments.identity_map,
                                             "identity_map is neither an IdentityMap nor None");
  if (plan == nullptr) return nullptr;
  return std::make_shared<Hydrator>(
      *plan, Reference::borrow(arguments.plan.ptr()), map,
      map == nullptr ? Reference() : Reference::borrow(arguments.identity_map.ptr()), arguments.origin);
}

execution::TransactionPtr transaction_of(nb::handle object) {
  const auto* transaction =
      optional_argument<PythonTransaction>(object, "transaction is neither a Transaction nor None");
  return transaction == nullptr ? nullptr : transaction->transaction;
}

Result<nb::object> start_statement(PythonEngine& self, RunArguments arguments, const char* name,
                                   std::shared_ptr<driver::RowSink> sink, MakeResult make_result,
                                   FindCause find_cause) {
  execution::TransactionPtr transaction = transaction_of(arguments.transaction);
  BRIDGE_ASSIGN_OR_RETURN(LimitedRows rows, limit_rows(self.handle->host(), arguments.limit, std::move(sink),
                                                       std::move(find_cause)));
  return start_operation(*self.handle, arguments.timeout,
                         [&](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
                           execution::Call call{
                               .statement = arguments.statement.statement,
                               .values = std::move(arguments.values),
                               .sink = std::move(rows.sink),
                               .transaction = std::move(transaction),
                               .deadline = deadline,
                               .origin = arguments.origin,
                               .on_done = make_outcome_completion(name, pending, std::move(make_result),
                                                                  std::move(rows.find_cause))};
                           execution::Operation operation = engine.execute(std::move(call));
                           if (rows.operation) *rows.operation = operation;
                           return operation;
                         });
}

Reference make_outcome_object(const driver::Outcome& outcome, Reference rows) {
  if (!rows) return {};
  return Reference::steal(nb::cast(PythonOutcome{outcome.affected_rows, std::move(rows)}).release().ptr());
}

Reference make_list() { return Reference::steal(PyList_New(0)); }

constexpr const char* kRun = "Engine.run";

// Whether only the server can say what a statement's rows look like.
bool tells_its_rows_itself(const Statement& statement) {
  const sql::StatementBody& body = statement.statement->body();
  return std::holds_alternative<sql::Raw>(body) || std::holds_alternative<sql::Explain>(body) ||
         std::holds_alternative<sql::VersionChange>(body);
}

Result<nb::object> run_for_tuples(PythonEngine& self, const RunArguments& arguments) {
  const auto collector = std::make_shared<TupleCollector>();
  return start_statement(
      self, arguments, kRun, collector,
      [collector](const driver::Outcome&) { return collector->take_rows(); },
      [collector] { return collector->take_exception(); });
}

Result<nb::object> run(PythonEngine& self, const Statement& statement, nb::handle plan,
                       nb::handle identity_map, nb::handle transaction, std::optional<double> timeout,
                       std::uint64_t origin, nb::handle limit) {
  const RunArguments arguments{statement, plan, identity_map, transaction, timeout, origin, limit};
  const std::shared_ptr<Hydrator> hydrator = make_hydrator(arguments);
  if (hydrator == nullptr) {
    if (tells_its_rows_itself(statement)) return run_for_tuples(self, arguments);
    return start_statement(
        self, arguments, kRun, nullptr, [](const driver::Outcome&) { return make_list(); }, nullptr);
  }
  return start_statement(
      self, arguments, kRun, hydrator, [hydrator](const driver::Outcome&) { return hydrator->take_rows(); },
      [hydrator] { return hydrator->take_exception(); });
}

Result<nb::object> look_up(PythonEngine& self, const Statement& statement, const ResultPlan& plan,
                           nb::handle key, nb::handle identity_map, nb::handle transaction,
                           std::optional<double> timeout, std::uint64_t origin, nb::handle limit) {
  if (plan.items.size() != 1 || plan.items.front().plan == nullptr)
    return make_error(ErrorCode::kQuery, "a lookup gives one entity");
  RunArguments arguments{statement, nb::find(plan), identity_map, transaction, timeout, origin, limit};
  if (!to_key_values(*plan.items.front().plan, key.ptr(), arguments.values)) throw nb::python_error();
  const std::shared_ptr<Hydrator> hydrator = make_hydrator(arguments);
  return start_statement(
      self, std::move(arguments), "Engine.look_up", hydrator,
      [hydrator](const driver::Outcome&) { return hydrator->take_rows(); },
      [hydrator] { return hydrator->take_exception(); });
}

constexpr const char* kExecute = "Engine.execute";

Result<nb::object> execute(PythonEngine& self, const Statement& statement, nb::handle plan,
                           nb::handle identity_map, nb::handle transaction, std::optional<double> timeout,
                           std::uint64_t origin, nb::handle limit) {
  const RunArguments arguments{statement, plan, identity_map, transaction, timeout, origin, limit};
  if (const std::shared_ptr<Hydrator> hydrator = make_hydrator(arguments)) {
    return start_statement(
        self, arguments, kExecute, hydrator,
        [hydrator](const driver::Outcome& outcome) {
          return make_outcome_object(outcome, hydrator->take_rows());
        },
        [hydrator] { return hydrator->take_exception(); });
  }
  if (!tells_its_rows_itself(statement)) {
    return start_statement(
        self, arguments, kExecute, nullptr,
        [](const driver::Outcome& outcome) { return make_outcome_object(outcome, make_list()); }, nullptr);
  }
  const auto collector = std::make_shared<TupleCollector>();
  return start_statement(
      self, arguments, kExecute, collector,
      [collector](const driver::Outcome& outcome) {
        return make_outcome_object(outcome, collector->take_rows());
      },
      [collector] { return collector->take_exception(); });
}

// The plan behind a handle, which has these columns.
Result<const ModelPlan*> require_columns(nb::handle plan_object, const std::vector<std::size_t>& columns) {
  const auto* plan = optional_argument<ModelPlan>(plan_object, "plan is no ModelPlan");
  if (plan == nullptr) throw nb::type_error("plan is no ModelPlan");
  for (const std::size_t column : columns) {
    if (column >= plan->attributes.size())
      return make_error(ErrorCode::kModel, plan->name + " has no such column");
  }
  return plan;
}

Result<nb::object> insert_rows(PythonEngine& self, const PythonBulkRows& bulk, std::size_t batch,
                               nb::handle transaction_object, std::optional<double> timeout,
                               std::uint64_t origin) {
  const std::shared_ptr<BulkRows> rows = bulk.rows;
  execution::TransactionPtr transaction = transaction_of(transaction_object);
  return start_operation(
      *self.handle, timeout, [&](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
        execution::BulkCall call{
            .table = rows->plan().table,
            .columns = rows->columns(),
            .source = std::make_shared<BulkPortion>(rows, batch),
            .transaction = std::move(transaction),
            .deadline = deadline,
            .origin = origin,
            .on_done = make_outcome_completion(
                "Engine.insert_rows", pending,
                [](const driver::Outcome& outcome) { return make_outcome_object(outcome, make_list()); },
                [rows] { return rows->take_exception(); })};
        return engine.bulk_insert(std::move(call));
      });
}

// An insert of so many rows from outside that gives columns back.
Result<sql::StatementPtr> make_returning_insert(const ModelPlan& plan,
                                                const std::vector<std::size_t>& columns, std::size_t rows,
                                                const std::vector<std::size_t>& returning) {
  sql::Insert insert;
  insert.source = std::make_shared<const sql::Source>(sql::Source{plan.table});
  insert.columns = columns;
  insert.row_count = rows;
  for (const std::size_t column : returning) {
    BRIDGE_ASSIGN_OR_RETURN(sql::ExpressionPtr expression, sql::make_column(insert.source, column));
    insert.returning.push_back({nullptr, std::move(expression)});
  }
  return sql::make_statement(std::move(insert));
}

Result<nb::object> insert_returning(PythonEngine& self, nb::handle plan_object,
                                    const std::vector<std::size_t>& columns, nb::handle rows,
                                    const std::vector<std::size_t>& returning, nb::handle result_plan,
                                    nb::handle transaction, std::optional<double> timeout,
                                    std::uint64_t origin) {
  BRIDGE_ASSIGN_OR_RETURN(const ModelPlan* plan, require_columns(plan_object, columns));
  if (PyList_Check(rows.ptr()) == 0) throw nb::type_error("rows are a list");
  const auto count = static_cast<std::size_t>(PyList_GET_SIZE(rows.ptr()));
  if (count == 0) return make_error(ErrorCode::kQuery, "an insert has no rows");
  std::vector<types::Value> values(count * columns.size());
  for (std::size_t row = 0; row < count; ++row) {
    const Reference item =
        Reference::steal(PySequence_GetItem(rows.ptr(), static_cast<Py_ssize_t>(row)));  // it may have shrunk
    const std::span<types::Value> place(values.data() + row * columns.size(), columns.size());
    if (!item || !encode_row(*plan, columns, item.get(), place)) throw nb::python_error();
  }
  BRIDGE_ASSIGN_OR_RETURN(sql::StatementPtr insert, make_returning_insert(*plan, columns, count, returning));
  const Statement statement{std::move(insert)};
  RunArguments arguments{statement, result_plan, nb::none(), transaction,
                         timeout,   origin,      nb::none(), std::move(values)};
  const std::shared_ptr<Hydrator> hydrator = make_hydrator(arguments);
  if (hydrator == nullptr) return make_error(ErrorCode::kQuery, "what comes back needs a plan");
  return start_statement(
      self, std::move(arguments), "Engine.insert_returning", hydrator,
      [hydrator](const driver::Outcome& outcome) {
        return make_outcome_object(outcome, hydrator->take_rows());
      },
      [hydrator] { return hydrator->take_exception(); });
}

constexpr NamedEnumerator<sql::Isolation> kIsolations[] = {
    {"", sql::Isolation::kDefault},
    {"default", sql::Isolation::kDefault},
    {"read_uncommitted", sql::Isolation::kReadUncommitted},
    {"read_committed", sql::Isolation::kReadCommitted},
    {"repeatable_read", sql::Isolation::kRepeatableRead},
    {"serializable", sql::Isolation::kSerializable}};

Result<nb::object> begin(PythonEngine& self, const std::string& isolation, bool is_readonly,
                         bool is_deferrable, std::optional<double> timeout, std::uint64_t origin) {
  std::string plain = isolation;
  std::replace(plain.begin(), plain.end(), ' ', '_');
  BRIDGE_ASSIGN_OR_RETURN(const sql::Isolation level, find_enumerator(kIsolations, plain, "isolation level"));
  const std::shared_ptr<EngineHandle> handle = self.handle;
  return start_operation(
      *self.handle, timeout, [&](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
        auto on_done = make_completion<execution::TransactionPtr>(
            "Engine.begin", pending,
            [handle](PendingObject* target, Result<execution::TransactionPtr> begun) {
              if (!begun) return fail_pending(target, begun.error());
              nb::object object = nb::inst_alloc(nb::type<PythonTransaction>());
              new (nb::inst_ptr<PythonTransaction>(object))
                  PythonTransaction(handle, std::move(begun).value());
              nb::inst_mark_ready(object);
              settle_pending(target, Reference::steal(object.release().ptr()));
            });
        return engine.begin({level, is_readonly, is_deferrable}, deadline, origin, std::move(on_done));
      });
}

Result<std::string> compiled_text(PythonEngine& self, const Statement& statement) {
  BRIDGE_ASSIGN_OR_RETURN(execution::Engine * engine, self.handle->enter());
  BRIDGE_ASSIGN_OR_RETURN(const sql::CompiledPtr compiled, engine->compile(statement.statement));
  return *compiled->text;
}

// The engine for questions that touch no loop.
Result<execution::Engine*> require_open(const PythonEngine& self) {
  if (self.handle->peek() == nullptr) return make_error(ErrorCode::kPoolClosed, "the database is closed");
  return self.handle->peek();
}

Result<bool> has_capability(const PythonEngine& self, const std::string& name) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  static constexpr NamedEnumerator<sql::Capability> kCapabilities[] = {
#define BRIDGE_ENTRY(enumerator, text) {text, sql::Capability::enumerator},
      BRIDGE_CAPABILITIES(BRIDGE_ENTRY)
#undef BRIDGE_ENTRY
  };
  BRIDGE_ASSIGN_OR_RETURN(const sql::Capability capability,
                          find_enumerator(kCapabilities, name, "capability"));
  return engine->dialect().capabilities().has(capability);
}

Result<nb::dict> pool_statistics(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  const pool::PoolStatistics statistics = engine->pool_statistics();
  nb::dict result;
  result["size"] = statistics.size;
  result["idle"] = statistics.idle;
  result["lent"] = statistics.lent;
  result["connecting"] = statistics.connecting;
  result["waiting"] = statistics.waiting;
  return result;
}

Result<std::string> breaker_state(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  return std::string(engine->breaker_state());
}
Result<std::string> redacted_url(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  return engine->redacted_url();
}
Result<std::string> dialect(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  return std::string(engine->dialect().name());
}

Result<std::string> restart_savepoint(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  return std::string(engine->dialect().restart_savepoint());
}

Result<std::string> compile_offline(const Statement& statement, const std::string& scheme) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::DriverEntry* entry, execution::find_driver(scheme));
  BRIDGE_ASSIGN_OR_RETURN(const sql::CompiledPtr compiled,
                          sql::compile(*statement.statement, entry->dialect()));
  return *compiled->text;
}

std::int64_t outcome_rowcount(const PythonOutcome& outcome) { return outcome.rowcount; }
nb::object outcome_rows(const PythonOutcome& outcome) { return nb::borrow(outcome.rows.get()); }

int traverse_outcome(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (nb::inst_ready(self)) Py_VISIT(nb::inst_ptr<PythonOutcome>(self)->rows.get());
  return 0;
}
int clear_outcome(PyObject* self) {
  if (nb::inst_ready(self)) nb::inst_ptr<PythonOutcome>(self)->rows = Reference::borrow(Py_None);
  return 0;
}
PyType_Slot outcome_slots[] = {{Py_tp_traverse, guarded_slot<"Outcome.traverse", &traverse_outcome>},
                               {Py_tp_clear, guarded_slot<"Outcome.clear", &clear_outcome>},
                               {0, nullptr}};

Result<bool> do_streams_hold_connections(const PythonEngine& self) {
  BRIDGE_ASSIGN_OR_RETURN(const execution::Engine* engine, require_open(self));
  return engine->do_streams_hold_connections();
}

void bind_questions(nb::class_<PythonEngine>& engine) {
  def_guarded(engine, "compiled_text", &compiled_text, nb::arg("statement"));
  def_guarded(engine, "has_capability", &has_capability, nb::arg("name"));
  def_guarded(engine, "pool_statistics", &pool_statistics);
  def_property_guarded(engine, "do_streams_hold_connections", &do_streams_hold_connections);
  def_property_guarded(engine, "breaker_state", &breaker_state);
  def_property_guarded(engine, "redacted_url", &redacted_url);
  def_property_guarded(engine, "dialect", &dialect);
  def_property_guarded(engine, "restart_savepoint", &restart_savepoint);
}

}  // namespace

void bind_engine(nb::module_& module) {
  nb::class_<PythonOutcome> outcome(module, "Outcome", nb::is_final(), nb::type_slots(outcome_slots));
  def_property_guarded(outcome, "rowcount", &outcome_rowcount);
  def_property_guarded(outcome, "rows", &outcome_rows);
  nb::class_<PythonEngine> engine(module, "Engine", nb::is_final(), nb::is_weak_referenceable());
  def_guarded(engine, "__init__", &construct, nb::arg("url"), nb::arg("host"), nb::arg("options"),
              nb::arg("on_event").none());
  def_guarded(engine, "connect", &connect, nb::arg("timeout").none());
  def_guarded(engine, "close", &close, nb::arg("timeout").none());
  def_guarded(engine, "close_now", &close_now);
  def_guarded(engine, "set_listener", &set_listener, nb::arg("listener").none());
  def_guarded(engine, "run", &run, nb::arg("statement"), nb::arg("plan").none(),
              nb::arg("identity_map").none(), nb::arg("transaction").none(), nb::arg("timeout").none(),
              nb::arg("origin"), nb::arg("limit") = nb::none());
  def_guarded(engine, "look_up", &look_up, nb::arg("statement"), nb::arg("plan"), nb::arg("key").none(),
              nb::arg("identity_map").none(), nb::arg("transaction").none(), nb::arg("timeout").none(),
              nb::arg("origin"), nb::arg("limit") = nb::none());
  def_guarded(engine, "execute", &execute, nb::arg("statement"), nb::arg("plan").none(),
              nb::arg("identity_map").none(), nb::arg("transaction").none(), nb::arg("timeout").none(),
              nb::arg("origin"), nb::arg("limit") = nb::none());
  def_guarded(engine, "insert_rows", &insert_rows, nb::arg("rows"), nb::arg("batch"),
              nb::arg("transaction").none(), nb::arg("timeout").none(), nb::arg("origin"));
  def_guarded(engine, "insert_returning", &insert_returning, nb::arg("plan"), nb::arg("columns"),
              nb::arg("rows"), nb::arg("returning"), nb::arg("result_plan"), nb::arg("transaction").none(),
              nb::arg("timeout").none(), nb::arg("origin"));
  def_guarded(engine, "begin", &begin, nb::arg("isolation"), nb::arg("readonly"), nb::arg("deferrable"),
              nb::arg("timeout").none(), nb::arg("origin"));
  bind_questions(engine);
  def_guarded(module, "compile_offline", &compile_offline, nb::arg("statement"), nb::arg("dialect"));
}

}  // namespace bridge::python
