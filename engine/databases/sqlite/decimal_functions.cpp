// Callbacks between SQLite's values and types::Decimal; none of them throws.
#include "engine/databases/sqlite/decimal_functions.h"

#include <sqlite3.h>

#include <array>
#include <charconv>
#include <memory>
#include <new>
#include <string>

#include "engine/types/decimal.h"

namespace bridge::sqlite {
namespace {

using types::Decimal;
using Operate = Result<Decimal> (*)(const Decimal&, const Decimal&);

// may be used in indexes and checks of a schema that is not trusted: pure, without side effects
constexpr int kPureFunction = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

std::string_view text_of(sqlite3_value* value) {
  // SAFETY: SQLite stores text as unsigned bytes; char may alias them. Text first, then its length, as the
  // manual demands
  const auto* characters = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {characters, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

Result<Decimal> to_decimal(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return Decimal(sqlite3_value_int64(value));
    case SQLITE_TEXT:
      return Decimal::parse(text_of(value));
    default:
      return make_error(ErrorCode::kDataRejected, "an argument is neither decimal text nor an integer");
  }
}

void answer(sqlite3_context* context, const Result<Decimal>& result) {
  if (!result) {
    const std::string message = "bridge_decimal: " + result.error().message();
    sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
    return;
  }
  const std::string text = result->to_text();
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

template <Operate kOperate>
void call_binary(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL)
    return;
  const auto left = to_decimal(arguments[0]);
  if (!left) return answer(context, left);
  const auto right = to_decimal(arguments[1]);
  if (!right) return answer(context, right);
  answer(context, kOperate(*left, *right));
}

Result<Decimal> add(const Decimal& left, const Decimal& right) { return left.add(right); }
Result<Decimal> subtract(const Decimal& left, const Decimal& right) { return left.subtract(right); }
Result<Decimal> multiply(const Decimal& left, const Decimal& right) { return left.multiply(right); }
Result<Decimal> divide(const Decimal& left, const Decimal& right) { return left.divide(right); }
// The scale is a whole number of digits; beyond what a decimal holds there is nothing to round.
Result<Decimal> round(const Decimal& number, const Decimal& scale) {
  const std::string digits = scale.to_text();
  std::size_t places = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), places);
  if (problem != std::errc() || end != digits.data() + digits.size() || places > types::kMaxDecimalDigits) {
    return make_error(ErrorCode::kDataRejected, "the number of places to round to is out of range");
  }
  return number.rounded(places);
}
Result<Decimal> modulo(const Decimal& left, const Decimal& right) { return left.modulo(right); }

void call_negate(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  const auto number = to_decimal(arguments[0]);
  answer(context, number ? Result<Decimal>(number->negated())
                         : make_error(number.error().code(), number.error().message()));
}

/// The running total of one group. Made by the first row that is not NULL, deleted by the final call.
struct Total {
  Result<Decimal> sum = Decimal();
  std::int64_t count = 0;
};

Total** total_slot(sqlite3_context* context, bool may_allocate) {
  const int size = may_allocate ? static_cast<int>(sizeof(Total*)) : 0;
  return static_cast<Total**>(sqlite3_aggregate_context(context, size));  // zeroed by SQLite when new
}

void step_total(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  Total** slot = total_slot(context, true);
  if (slot == nullptr) return sqlite3_result_error_nomem(context);
  if (*slot == nullptr) *slot = new (std::nothrow) Total();
  if (*slot == nullptr) return sqlite3_result_error_nomem(context);
  Total& total = **slot;
  ++total.count;
  if (!total.sum) return;
  Result<Decimal> number = to_decimal(arguments[0]);
  total.sum = number ? total.sum->add(*number) : std::move(number);
}

// A row that leaves the frame of a window; it was added before.
void remove_from_total(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  Total** slot = total_slot(context, false);
  if (slot == nullptr || *slot == nullptr || sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  Total& total = **slot;
  --total.count;
  if (!total.sum) return;
  Result<Decimal> number = to_decimal(arguments[0]);
  total.sum = number ? total.sum->subtract(*number) : std::move(number);
}

void answer_sum(sqlite3_context* context, const Total& total) {
  if (total.count > 0) answer(context, total.sum);
}

void answer_average(sqlite3_context* context, const Total& total) {
  if (total.count == 0) return;
  answer(context, total.sum ? total.sum->divide(Decimal(total.count))
                            : make_error(total.sum.error().code(), total.sum.error().message()));
}

std::unique_ptr<Total> take_total(sqlite3_context* context) {
  Total** slot = total_slot(context, false);
  return std::unique_ptr<Total>(slot == nullptr ? nullptr : *slot);
}

using Answer = void (*)(sqlite3_context*, const Total&);

template <Answer kAnswer>
void finish(sqlite3_context* context) noexcept {
  const std::unique_ptr<Total> total = take_total(context);
  if (total) kAnswer(context, *total);
}

// The value over the frame as it is now; the total goes on.
template <Answer kAnswer>
void tell(sqlite3_context* context) noexcept {
  Total** slot = total_slot(context, false);
  if (slot != nullptr && *slot != nullptr) kAnswer(context, **slot);
}

int compare(void*, int left_size, const void* left, int right_size, const void* right) noexcept {
  return types::compare_decimal_text({static_cast<const char*>(left), static_cast<std::size_t>(left_size)},
                                     {static_cast<const char*>(right), static_cast<std::size_t>(right_size)});
}

struct ScalarFunction {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr std::array<ScalarFunction, 7> kScalars{{{"bridge_decimal_add", 2, call_binary<add>},
                                                  {"bridge_decimal_subtract", 2, call_binary<subtract>},
                                                  {"bridge_decimal_multiply", 2, call_binary<multiply>},
                                                  {"bridge_decimal_divide", 2, call_binary<divide>},
                                                  {"bridge_decimal_modulo", 2, call_binary<modulo>},
                                                  {"bridge_decimal_round", 2, call_binary<round>},
                                                  {"bridge_decimal_negate", 1, call_negate}}};

}  // namespace

int register_decimal_functions(sqlite3* database) {
  int code = sqlite3_create_collation_v2(database, "bridge_decimal", SQLITE_UTF8, nullptr, compare, nullptr);
  for (const ScalarFunction& function : kScalars) {
    if (code != SQLITE_OK) return code;
    code = sqlite3_create_function_v2(database, function.name, function.arguments, kPureFunction, nullptr,
                                      function.call, nullptr, nullptr, nullptr);
  }
  using Step = void (*)(sqlite3_context*);
  const auto add_aggregate = [&](const char* name, Step finished, Step current) {
    if (code != SQLITE_OK) return;
    code = sqlite3_create_window_function(database, name, 1, kPureFunction, nullptr, step_total, finished,
                                          current, remove_from_total, nullptr);
  };
  add_aggregate("bridge_decimal_sum", finish<answer_sum>, tell<answer_sum>);
  add_aggregate("bridge_decimal_avg", finish<answer_average>, tell<answer_average>);
  return code;
}

}  // namespace bridge::sqlite
