// Parts, beginnings and distances of dates and timestamps: what moments are computed with.
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;
using types::Value;

StatementSample sample(std::string name, const SourcePtr& from, ExpressionPtr expression) {
  Select select;
  select.selections = {{nullptr, std::move(expression)}};
  select.from = {from};
  return {std::move(name), make_statement(std::move(select))};
}

ExpressionPtr one_hour() {
  constexpr std::int64_t kMicrosecondsPerHour = 3'600'000'000;
  return must(
      make_parameter(Value::of_interval({.microseconds = kMicrosecondsPerHour}), of(StorageType::kInterval)));
}

}  // namespace

std::vector<StatementSample> make_moment_samples() {
  const SourcePtr from = source(library().shelves);
  const ExpressionPtr moments[] = {column(from, "a_date"), column(from, "a_timestamp"),
                                   column(from, "a_timestamp_utc")};
  std::vector<StatementSample> samples;
  const auto add = [&](std::string_view function, const ExpressionPtr& moment,
                       std::vector<ExpressionPtr> others = {}) {
    others.insert(others.begin(), moment);
    samples.push_back(sample(std::string(function) + " of " + std::string(to_name(moment->type().storage)),
                             from, call(function, std::move(others))));
  };
  for (const ExpressionPtr& moment : moments) {
    for (const std::string_view part : {"year", "quarter", "month", "week", "weekday", "day", "day_of_year"})
      add("extract_" + std::string(part), moment);
    for (const std::string_view unit : {"year", "quarter", "month", "week", "day"})
      add("truncate_" + std::string(unit), moment);
    add("add_days", moment, {integer(1)});
    add("add_months", moment, {integer(1)});
    samples.push_back(sample("span added to " + std::string(to_name(moment->type().storage)), from,
                             binary(BinaryOperator::kAdd, moment, one_hour())));
  }
  for (const ExpressionPtr& moment : {moments[1], moments[2]}) {
    for (const std::string_view part : {"hour", "minute", "second"})
      add("extract_" + std::string(part), moment);
    for (const std::string_view unit : {"hour", "minute"}) add("truncate_" + std::string(unit), moment);
    samples.push_back(sample("span between two of " + std::string(to_name(moment->type().storage)), from,
                             binary(BinaryOperator::kSubtract, moment, moment)));
  }
  add("days_between", moments[0], {moments[0]});
  return samples;
}

}  // namespace bridge::sql::testing
