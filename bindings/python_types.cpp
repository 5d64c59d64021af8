// Looks up the classes of Python's standard library once, when the module is loaded.
#include "bindings/python_types.h"

#include <array>
#include <iterator>

#include "bindings/convert/datetime_api.h"
#include "bindings/ffi_guard.h"
#include "bindings/reference.h"

namespace bridge::python {

PythonTypes python_types;
PythonNames python_names;

namespace {

// The names stay referenced for good, as the module does.
PyObject* look_up(const char* module_name, const char* name) {
  const Reference module = Reference::steal(PyImport_ImportModule(module_name));
  return module ? PyObject_GetAttrString(module.get(), name) : nullptr;
}

PyTypeObject* look_up_type(const char* module_name, const char* name) {
  PyObject* found = look_up(module_name, name);
  if (found != nullptr && PyType_Check(found) == 0) {
    PyErr_Format(PyExc_ImportError, "%s.%s is no class", module_name, name);
    Py_CLEAR(found);
  }
  return reinterpret_cast<PyTypeObject*>(found);  // SAFETY: checked above
}

PyObject* member_of(PyTypeObject* type, const char* name) {
  return PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), name);  // SAFETY: every type is an object
}

PyObject* refuse_constant(PyObject* /*self*/, PyObject* /*name*/) {
  PyErr_SetString(PyExc_ValueError, "NaN and infinities are no JSON");
  return nullptr;
}

PyMethodDef refuse_constant_method = {"refuse_constant", guarded_method<"refuse_constant", &refuse_constant>,
                                      METH_O, "Refuses the constants JSON does not know."};

bool load_json() {
  const Reference decoder_class = Reference::steal(look_up("json", "JSONDecoder"));
  const Reference encoder_class = Reference::steal(look_up("json", "JSONEncoder"));
  const Reference refuse = Reference::steal(PyCFunction_New(&refuse_constant_method, nullptr));
  const Reference nothing = Reference::steal(PyTuple_New(0));
  const Reference decode_options =
      refuse ? Reference::steal(Py_BuildValue("{s:O}", "parse_constant", refuse.get())) : Reference();
  if (!decoder_class || !encoder_class || !nothing || !decode_options) return false;
  const Reference decoder =
      Reference::steal(PyObject_Call(decoder_class.get(), nothing.get(), decode_options.get()));
  const auto make_encoder = [&](PyObject* sorted) {
    const Reference options = Reference::steal(
        Py_BuildValue("{s:O,s:O,s:(ss),s:O,s:O}", "ensure_ascii", Py_False, "allow_nan", Py_False,
                      "separators", ",", ":", "sort_keys", sorted, "check_circular", Py_False));
    return options ? Reference::steal(PyObject_Call(encoder_class.get(), nothing.get(), options.get()))
                   : Reference();
  };
  const Reference encoder = make_encoder(Py_False);
  const Reference sorting_encoder = make_encoder(Py_True);
  if (!decoder || !encoder || !sorting_encoder) return false;
  python_types.json_decode = PyObject_GetAttrString(decoder.get(), "decode");
  python_types.json_encode = PyObject_GetAttrString(encoder.get(), "encode");
  python_types.json_encode_sorted = PyObject_GetAttrString(sorting_encoder.get(), "encode");
  return python_types.json_decode != nullptr && python_types.json_encode != nullptr &&
         python_types.json_encode_sorted != nullptr;
}

bool load_uuid() {
  python_types.uuid = look_up_type("uuid", "UUID");
  if (python_types.uuid == nullptr) return false;
  python_types.uuid_int_slot = member_of(python_types.uuid, "int");
  python_types.uuid_is_safe_slot = member_of(python_types.uuid, "is_safe");
  const Reference safety = Reference::steal(look_up("uuid", "SafeUUID"));
  python_types.uuid_safety_unknown = safety ? PyObject_GetAttrString(safety.get(), "unknown") : nullptr;
  return python_types.uuid_int_slot != nullptr && python_types.uuid_is_safe_slot != nullptr &&
         python_types.uuid_safety_unknown != nullptr;
}

bool load_addresses() {
  static constexpr std::array kNames = {"IPv4Address",   "IPv6Address", "IPv4Interface",
                                        "IPv6Interface", "IPv4Network", "IPv6Network"};
  static_assert(kNames.size() == std::size(PythonTypes{}.ip_types));
  for (std::size_t index = 0; index < kNames.size(); ++index) {
    python_types.ip_types[index] = look_up_type("ipaddress", kNames[index]);
    if (python_types.ip_types[index] == nullptr) return false;
  }
  python_types.ip_address = look_up("ipaddress", "ip_address");
  python_types.ip_interface = look_up("ipaddress", "ip_interface");
  return python_types.ip_address != nullptr && python_types.ip_interface != nullptr;
}

bool load_names() {
  PythonNames& names = python_names;
  names.create_future = PyUnicode_InternFromString("create_future");
  names.call_soon = PyUnicode_InternFromString("call_soon");
  names.done = PyUnicode_InternFromString("done");
  names.set_result = PyUnicode_InternFromString("set_result");
  names.future_blocking = PyUnicode_InternFromString("_asyncio_future_blocking");
  return PyErr_Occurred() == nullptr;
}

}  // namespace

bool load_python_types() {
  if (!load_datetime_api() || !load_uuid() || !load_addresses() || !load_json() || !load_names())
    return false;
  python_types.decimal = look_up_type("decimal", "Decimal");
  python_types.cancelled_error = look_up("asyncio", "CancelledError");
  python_types.running_loop = look_up("asyncio", "_get_running_loop");
  return python_types.decimal != nullptr && python_types.cancelled_error != nullptr &&
         python_types.running_loop != nullptr;
}

}  // namespace bridge::python
