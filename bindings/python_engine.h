// The classes of running: Host, Engine, Transaction, Outcome.
#pragma once

#include <Python.h>

#include <memory>

#include "bindings/engine_handle.h"
#include "bindings/host.h"
#include "engine/execution/engine.h"

namespace bridge::python {

struct PythonHost {
  std::shared_ptr<Host> host;
};

/// Engine as Python holds it.
struct PythonEngine {
  std::shared_ptr<EngineHandle> handle;

  PythonEngine(std::shared_ptr<EngineHandle> opened)
      : handle(std::move(opened)) {}  // NOLINT(google-explicit-constructor): made in one place
  PythonEngine(const PythonEngine&) = delete;
  PythonEngine& operator=(const PythonEngine&) = delete;
  ~PythonEngine() {
    const std::shared_ptr<Host> host = handle->host();
    dispose_in(host, handle);
  }
};

/// Transaction as Python holds it. Dropped open it rolls back.
struct PythonTransaction {
  std::shared_ptr<EngineHandle> handle;
  execution::TransactionPtr transaction;

  PythonTransaction(std::shared_ptr<EngineHandle> owner, execution::TransactionPtr begun)
      : handle(std::move(owner)), transaction(std::move(begun)) {}
  PythonTransaction(const PythonTransaction&) = delete;
  PythonTransaction& operator=(const PythonTransaction&) = delete;
  ~PythonTransaction() {
    const std::shared_ptr<Host> host = handle->host();
    dispose_in(host, transaction);
    dispose_in(host, handle);
  }
};

struct PythonOutcome {
  std::int64_t rowcount = 0;
  Reference rows;
};

}  // namespace bridge::python
