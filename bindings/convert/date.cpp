// date: exact dates, a datetime is none.
#include "bindings/convert/conversions.h"
#include "bindings/convert/temporal.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!is_exact_date(object)) return refuse_class(object, target);
  value = types::Value::of_integer(types::StorageType::kDate, days_of(object));
  return true;
}

class DateReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_date(std::int64_t days) override {
    const types::CivilDate date = types::to_civil_date(days);
    if (date.year < kFirstYear || date.year > kLastYear)
      return make_error(ErrorCode::kDecode, "the stored date lies outside the years 1 to 9999");
    return accept(datetime_api->Date_FromDate(static_cast<int>(date.year), date.month, date.day,
                                              datetime_api->DateType));
  }
};

}  // namespace

const Conversion kDateConversion{encode, nullptr, make_reader_of<DateReader>};

}  // namespace bridge::python
