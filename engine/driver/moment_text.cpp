// Each kind of moment in its one form of engine/types/datetime.h.
#include "engine/driver/moment_text.h"

#include "engine/types/datetime.h"

namespace bridge::driver {

Status append_moment(std::string& text, const types::Value& value) {
  switch (value.type) {
    case types::StorageType::kDate:
      return types::append_date(text, value.integer);
    case types::StorageType::kTime:
      return types::append_time(text, value.integer);
    case types::StorageType::kTimestamp:
      return types::append_timestamp(text, value.integer);
    case types::StorageType::kTimestampUtc:
      return types::append_timestamp_utc(text, value.integer);
    default:
      return make_error(ErrorCode::kInternal, "a value that is no date or time was to be written as one");
  }
}

}  // namespace bridge::driver
