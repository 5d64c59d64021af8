// CPython's datetime C API, loaded once.
#include "bindings/convert/datetime_api.h"

namespace bridge::python {

PyDateTime_CAPI* datetime_api = nullptr;

bool load_datetime_api() {
  PyDateTime_IMPORT;
  datetime_api = PyDateTimeAPI;
  return datetime_api != nullptr;
}

}  // namespace bridge::python
