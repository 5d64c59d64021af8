// RowStream: one statement's rows, a batch at a time.
#include <nanobind/stl/optional.h>

#include <memory>
#include <optional>
#include <utility>

#include "bindings/completions.h"
#include "bindings/ffi_guard.h"
#include "bindings/hydrator.h"
#include "bindings/nodes.h"
#include "bindings/operations.h"
#include "bindings/python_engine.h"
#include "bindings/tuple_collector.h"

namespace bridge::python {
namespace {

/// RowStream as Python holds it. Dropped open it lets go of its connection.
struct PythonStream {
  std::shared_ptr<EngineHandle> handle;
  std::shared_ptr<execution::RowStream> stream;
  Reference plan;          ///< empty for rows nobody has described
  Reference identity_map;  ///< empty where objects are not shared
  std::uint64_t origin = 0;
  std::shared_ptr<bool> has_more = std::make_shared<bool>(true);

  PythonStream() = default;
  PythonStream(const PythonStream&) = delete;
  PythonStream& operator=(const PythonStream&) = delete;
  ~PythonStream() {
    const std::shared_ptr<Host> host = handle->host();
    // An exception may be leaving the loop that reads the stream: completions must neither see nor lose it.
    const Reference raised = may_touch_python() ? take_raised_exception() : Reference();
    dispose_in(host, stream);
    // What was told to the connection leaves now: whoever waits for it need not wait for another turn.
    if (may_touch_python() && host->is_owner()) host->end_entry(false);
    dispose_in(host, handle);
    if (raised) raise_exception(raised.get());
  }
};

// What `object` holds, or null for None; refuses anything else.
template <typename Bound>
Bound* held_by(nb::handle object) {
  if (object.is_none()) return nullptr;
  Bound* held = nullptr;
  if (!nb::try_cast(object, held)) throw nb::type_error("an argument is not what a stream is made of");
  return held;
}

Reference keep(nb::handle object) { return object.is_none() ? Reference() : Reference::borrow(object.ptr()); }

// NOLINTNEXTLINE(readability-function-size): the parameters are those of Engine.run
Result<nb::object> open_stream(PythonEngine& self, const Statement& statement, nb::handle plan,
                               nb::handle identity_map, nb::handle transaction, std::size_t batch,
                               std::uint64_t origin) {
  static_cast<void>(held_by<ResultPlan>(plan));           // only its type is asked for here
  static_cast<void>(held_by<IdentityMap>(identity_map));  // likewise
  const auto* block = held_by<PythonTransaction>(transaction);
  if (batch == 0) return make_error(ErrorCode::kQuery, "a batch has at least one row");
  BRIDGE_ASSIGN_OR_RETURN(execution::Engine * engine, self.handle->enter());
  nb::object object = nb::inst_alloc(nb::type<PythonStream>());
  auto* made = new (nb::inst_ptr<PythonStream>(object)) PythonStream();
  made->handle = self.handle;
  made->stream = engine->open_stream({.statement = statement.statement,
                                      .batch_rows = batch,
                                      .transaction = block == nullptr ? nullptr : block->transaction,
                                      .origin = origin});
  made->plan = keep(plan);
  made->identity_map = keep(identity_map);
  made->origin = origin;
  nb::inst_mark_ready(object);
  return object;
}

/// What makes Python objects of one batch, and hands them over as a list.
struct BatchReceiver {
  std::shared_ptr<driver::RowSink> sink;
  std::function<Reference()> take_rows;
  FindCause find_cause;
};

template <typename Sink>
BatchReceiver receive_by(const std::shared_ptr<Sink>& sink) {
  return {sink, [sink] { return sink->take_rows(); }, [sink] { return sink->take_exception(); }};
}

BatchReceiver make_receiver(const PythonStream& self) {
  if (!self.plan) return receive_by(std::make_shared<TupleCollector>());
  IdentityMap* map =
      self.identity_map ? nb::cast<IdentityMap*>(nb::handle(self.identity_map.get())) : nullptr;
  const auto& plan = nb::cast<const ResultPlan&>(nb::handle(self.plan.get()));
  return receive_by(std::make_shared<Hydrator>(plan, self.plan, map, self.identity_map, self.origin));
}

Result<nb::object> fetch(PythonStream& self, std::optional<double> timeout) {
  BatchReceiver receiver = make_receiver(self);
  return start_operation(
      *self.handle, timeout, [&](execution::Engine&, Deadline deadline, PendingObject* pending) {
        const auto has_more = self.has_more;
        *has_more = false;  // until the batch says otherwise
        auto make_result = [has_more,
                            take_rows = std::move(receiver.take_rows)](const driver::Outcome& outcome) {
          *has_more = outcome.has_more;
          return take_rows();
        };
        return self.stream->fetch(
            {.sink = std::move(receiver.sink),
             .deadline = deadline,
             .on_done = make_outcome_completion("RowStream.fetch", pending, std::move(make_result),
                                                std::move(receiver.find_cause))});
      });
}

// Elsewhere than where the loop runs it is left to the destructor, which finds a way.
void close(PythonStream& self) {
  *self.has_more = false;
  if (const Result<execution::Engine*> engine = self.handle->enter(); !engine) return;
  self.stream->close();
  self.handle->host()->end_entry(false);
}

bool has_more(const PythonStream& self) { return *self.has_more; }

}  // namespace

void bind_streams(nb::module_& module) {
  auto engine = nb::borrow<nb::class_<PythonEngine>>(nb::type<PythonEngine>());
  nb::class_<PythonStream> stream(module, "RowStream", nb::is_final(), nb::is_weak_referenceable());
  def_guarded(stream, "fetch", &fetch, nb::arg("timeout").none());
  def_guarded(stream, "close", &close);
  def_property_guarded(stream, "has_more", &has_more);
  def_guarded(engine, "open_stream", &open_stream, nb::arg("statement"), nb::arg("plan").none(),
              nb::arg("identity_map").none(), nb::arg("transaction").none(), nb::arg("batch"),
              nb::arg("origin"));
}

}  // namespace bridge::python
