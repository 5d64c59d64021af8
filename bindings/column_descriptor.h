// The descriptor of one column: itself on a class, a slot's value on an instance.
#pragma once

#include <Python.h>

#include "bindings/model_plan.h"

namespace bridge::python {

struct ColumnDescriptorObject {
  PyObject_HEAD ModelPlan* plan;  ///< a reference to plan->self is held; null until attached
  PyObject* name;
  std::size_t column;
};

extern PyTypeObject* column_descriptor_type;

bool add_column_descriptor_type(PyObject* module);
/// Binds a descriptor to a column of a plan.
void attach_descriptor(ColumnDescriptorObject* descriptor, ModelPlan& plan, std::size_t column);

}  // namespace bridge::python
