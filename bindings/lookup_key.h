// The parts of a primary key on their way into a lookup.
#pragma once

#include <Python.h>

#include <vector>

#include "bindings/model_plan.h"
#include "engine/types/value.h"

namespace bridge::python {

/// Checks a key against its columns and binds it: one object, or a tuple of as many parts as the key has
/// columns. False with QueryError or ValidationError set.
bool to_key_values(const ModelPlan& plan, PyObject* key, std::vector<types::Value>& values);

}  // namespace bridge::python
