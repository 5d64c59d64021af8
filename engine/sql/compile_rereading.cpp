// Inserts that give rows back in databases that return none: which query finds those rows again.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "engine/sql/statement_compiler.h"
#include "engine/sql/write_rules.h"

namespace bridge::sql {
namespace {

Error refuse(const Dialect& dialect, std::string_view what) {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(dialect.name()) + " has no RETURNING and cannot find " + std::string(what) +
                        "; select the rows again, in the same transaction");
}

/// The columns whose values tell the inserted rows apart.
std::vector<std::size_t> find_key(const Insert& insert) {
  if (insert.on_conflict) return insert.on_conflict->target;
  std::vector<std::size_t> key;
  const std::vector<Column>& columns = insert.source->table->columns;
  for (std::size_t index = 0; index < columns.size(); ++index)
    if (columns[index].is_primary_key) key.push_back(index);
  return key;
}

/// What stands for a column in a row; nothing where the column is left to the database. Null where values
/// come from outside.
std::optional<const ExpressionPtr*> find_given(const Insert& insert, std::size_t row, std::size_t column) {
  const auto place = std::find(insert.columns.begin(), insert.columns.end(), column);
  if (place == insert.columns.end()) return std::nullopt;
  if (insert.values.empty()) return nullptr;
  const auto offset = static_cast<std::size_t>(place - insert.columns.begin());
  const ExpressionPtr& given = insert.values[row * insert.columns.size() + offset];
  if (given->as<DefaultValue>() != nullptr) return std::nullopt;
  return &given;
}

/// The key's column that the database numbers in every row, if there is one.
std::optional<std::size_t> find_numbered(const Insert& insert, const std::vector<std::size_t>& key) {
  if (insert.on_conflict) return std::nullopt;
  for (const std::size_t column : key) {
    if (insert.source->table->columns[column].generation != Generation::kIdentity) continue;
    std::size_t row = 0;
    while (row < insert.row_count && !find_given(insert, row, column)) ++row;
    if (row == insert.row_count) return column;
  }
  return std::nullopt;
}

bool is_column_alone(const std::vector<Selection>& returning, std::size_t column) {
  if (returning.size() != 1 || !returning.front().expression) return false;
  const auto* const reference = returning.front().expression->as<ColumnReference>();
  return reference != nullptr && reference->column == column;
}

/// Writes the rows' keys as they were sent, in terms of the insert's own parameters.
class KeyWriter {
 public:
  KeyWriter(const Insert& insert, const PartPositions& positions, SqlWriter& text)
      : insert_(insert), positions_(positions), text_(text) {}

  Status write(const std::vector<std::size_t>& key) {
    const bool is_row = key.size() > 1;
    const std::vector<Column>& columns = insert_.source->table->columns;
    for (std::size_t index = 0; index < key.size(); ++index) {
      text_.words(index > 0 ? SqlWriter::Words(", ") : is_row ? SqlWriter::Words("(") : SqlWriter::Words(""));
      text_.identifier(columns[key[index]].name);
    }
    text_.words(is_row ? SqlWriter::Words(") IN (") : SqlWriter::Words(" IN ("));
    for (std::size_t row = 0; row < insert_.row_count; ++row) {
      text_.words(row > 0 ? SqlWriter::Words(", ") : SqlWriter::Words(""));
      text_.words(is_row ? SqlWriter::Words("(") : SqlWriter::Words(""));
      for (std::size_t index = 0; index < key.size(); ++index) {
        if (index > 0) text_.words(", ");
        BRIDGE_RETURN_IF_ERROR(write_value(row, key[index]));
      }
      text_.words(is_row ? SqlWriter::Words(")") : SqlWriter::Words(""));
    }
    text_.words(")");
    return {};
  }

 private:
  Status write_value(std::size_t row, std::size_t column) {
    const auto given = find_given(insert_, row, column);
    const Column& definition = insert_.source->table->columns[column];
    const bool is_value = given && (*given == nullptr || (**given)->as<Parameter>() != nullptr);
    if (!is_value)
      return refuse(text_.dialect(), "rows whose key " + definition.name.text() + " it computes itself");
    const auto offset = static_cast<std::size_t>(
        std::find(insert_.columns.begin(), insert_.columns.end(), column) - insert_.columns.begin());
    const std::size_t position =
        *given == nullptr ? row * insert_.columns.size() + offset : positions_.at(**given).position;
    text_.placeholder({.position = static_cast<std::uint32_t>(position), .type = definition.type});
    return {};
  }

  const Insert& insert_;
  const PartPositions& positions_;
  SqlWriter& text_;
};

/// Where the query's values stand among those of the insert. kUnsupportedFeature for one that is not there.
Result<std::vector<std::size_t>> find_places(const std::vector<ParameterSlot>& wanted,
                                             const std::vector<ParameterSlot>& sent, const Dialect& dialect) {
  std::unordered_map<std::uint32_t, std::size_t> place_of;
  for (std::size_t place = 0; place < sent.size(); ++place) place_of.emplace(sent[place].position, place);
  std::vector<std::size_t> places;
  places.reserve(wanted.size());
  for (const ParameterSlot& slot : wanted) {
    const auto found = place_of.find(slot.position);
    if (found == place_of.end() || slot.element != ParameterSlot::kWhole)
      return refuse(dialect, "what is computed with values inside returning()");
    places.push_back(found->second);
  }
  return places;
}

Status check_rereading(const Insert& insert, const Dialect& dialect) {
  if (insert.query) return refuse(dialect, "the rows that a query gave an insert");
  if (insert.on_conflict && insert.on_conflict->action == OnConflict::Action::kIgnore)
    return refuse(dialect, "which rows were not there before");
  return {};
}

}  // namespace

Status StatementCompiler::plan_rereading(const Insert& insert, const PartPositions& positions) {
  BRIDGE_RETURN_IF_ERROR(check_rereading(insert, dialect()));
  BRIDGE_RETURN_IF_ERROR(check_returning(insert.returning));
  const std::vector<std::size_t> key = find_key(insert);
  if (key.empty()) return refuse(dialect(), "rows without a key");
  const auto numbered = find_numbered(insert, key);
  Compilation reading(dialect(), Compilation::Values::kBound);
  reading.scopes().open();
  BRIDGE_RETURN_IF_ERROR(reading.scopes().add(*insert.source));
  reading.text().words("SELECT ");
  BRIDGE_RETURN_IF_ERROR(reading.write_selections(insert.returning, positions));
  reading.text().words(" FROM ");
  BRIDGE_RETURN_IF_ERROR(reading.write_source(insert.source));
  reading.text().words(" WHERE ");
  BRIDGE_RETURN_IF_ERROR(
      numbered ? dialect().write_numbered_rows(reading.text(), insert.source->table->columns[*numbered].name,
                                               insert.row_count)
               : KeyWriter(insert, positions, reading.text()).write(key));
  BRIDGE_RETURN_IF_ERROR(reading.text().status());

  set_columns(describe_columns(insert.returning));
  result_.returns_rows = true;
  auto query = std::make_shared<CompiledStatement>();
  query->operation = result_.operation;
  query->columns = result_.columns;
  query->returns_rows = true;
  query->parameters = reading.text().take_slots();
  query->text = std::make_shared<const std::string>(reading.text().take_text());
  query->serial = next_serial();
  auto rereading = std::make_shared<Rereading>();
  BRIDGE_ASSIGN_OR_RETURN(rereading->values, find_places(query->parameters, text().slots(), dialect()));
  rereading->query = std::move(query);
  rereading->row_count = insert.on_conflict ? 0 : insert.row_count;
  rereading->wants_number_only =
      numbered && insert.row_count == 1 && is_column_alone(insert.returning, *numbered);
  result_.rereading = std::move(rereading);
  return {};
}

}  // namespace bridge::sql
