// The options of an engine, by name.
#pragma once

#include <nanobind/nanobind.h>

#include "engine/execution/engine.h"

namespace bridge::python {

/// Reads a dict of option names and numbers; kConfiguration names what is unknown or out of range.
Result<execution::EngineOptions> read_engine_options(const nanobind::dict& options);

}  // namespace bridge::python
