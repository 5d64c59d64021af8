// Lists cannot hold lists: where a column is one, rows are bound value by value.
#include "bindings/row_lists.h"

#include <algorithm>
#include <utility>

#include "engine/sql/derived.h"

namespace bridge::python {
namespace {

Result<Source> wrap_source(sql::SourceResult result) {
  if (!result) return std::move(result).error();
  return Source{std::move(result).value()};
}

}  // namespace

Result<Source> make_row_lists(const Identifier& name, std::vector<sql::Column> described,
                              std::vector<std::vector<types::Value>> lists) {
  const bool has_list = std::any_of(described.begin(), described.end(), [](const sql::Column& column) {
    return column.type.storage == types::StorageType::kArray;
  });
  if (!has_list) return wrap_source(sql::make_lists_source(name, std::move(described), std::move(lists)));
  std::vector<sql::ExpressionPtr> values;
  for (std::size_t row = 0; row < lists.front().size(); ++row) {
    for (std::size_t column = 0; column < lists.size(); ++column) {
      BRIDGE_ASSIGN_OR_RETURN(sql::ExpressionPtr value,
                              sql::make_parameter(std::move(lists[column][row]), described[column].type));
      values.push_back(std::move(value));
    }
  }
  return wrap_source(sql::make_values_source(name, std::move(described), std::move(values)));
}

}  // namespace bridge::python
