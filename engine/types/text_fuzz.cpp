// Any bytes through every reader of text: nothing is read past the end, and what was read is written back the
// same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/types/datetime.h"
#include "engine/types/decimal.h"
#include "engine/types/json_text.h"
#include "engine/types/utf8.h"
#include "engine/types/uuid.h"

namespace {

using namespace bridge;  // NOLINT(google-build-using-namespace): a program of its own

void demand(bool holds) {
  if (!holds) std::abort();
}

using Parse = Result<std::int64_t> (*)(std::string_view);
using Append = Status (*)(std::string&, std::int64_t);

void check_moment(std::string_view text, Parse parse, Append append) {
  const auto moment = parse(text);
  if (!moment) return;
  std::string again;
  demand(append(again, *moment).has_value());
  const auto same = parse(again);
  demand(same && *same == *moment);
}

void check_decimal(std::string_view text) {
  const auto number = types::Decimal::parse(text);
  demand(number.has_value() == types::is_plain_decimal(text));
  demand(types::compare_decimal_text(text, text) == 0);
  if (number) demand(types::compare_decimal_text(number->to_text(), text) == 0);
}

void check_json_text(std::string_view text) {
  if (types::check_json(text)) demand(types::is_valid_utf8(text));
  if (!types::is_valid_utf8(text)) return;
  std::string json;
  types::append_json_string(json, text);
  types::JsonReader reader(json);
  const auto token = reader.next();
  demand(token && *token == types::JsonToken::kString && reader.string() == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // SAFETY: char may alias any object
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check_moment(text, types::parse_date, types::append_date);
  check_moment(text, types::parse_time, types::append_time);
  check_moment(text, types::parse_timestamp, types::append_timestamp);
  check_moment(text, types::parse_timestamp_utc, types::append_timestamp_utc);
  check_decimal(text);
  check_json_text(text);
  if (const auto uuid = types::parse_uuid(text))
    demand(types::parse_uuid(types::to_uuid_text(*uuid)).value() == *uuid);
  return 0;
}
