// Writes as MySQL says them: rows that are there already, sources of updates, values as rows.
#include <algorithm>
#include <vector>

#include "engine/databases/mysql/dialect.h"
#include "engine/sql/compilation.h"
#include "engine/sql/derived.h"
#include "engine/sql/statement_parts.h"

namespace bridge::mysql {
namespace {

using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::StorageType;
using Words = SqlWriter::Words;

// Behind an offset without a limit, or where a limit keeps a subquery apart: the manual's own number for
// "all".
constexpr std::uint64_t kNoLimit = 18'446'744'073'709'551'615U;

using ColumnSet = std::vector<std::size_t>;

ColumnSet to_set(ColumnSet columns) {
  std::sort(columns.begin(), columns.end());
  return columns;
}

/// The keys of a table that no two rows share. An index over expressions gives an empty one.
std::vector<ColumnSet> find_unique_keys(const sql::Table& table) {
  std::vector<ColumnSet> keys;
  ColumnSet primary;
  for (std::size_t index = 0; index < table.columns.size(); ++index) {
    if (table.columns[index].is_primary_key) primary.push_back(index);
  }
  if (!primary.empty()) keys.push_back(std::move(primary));
  for (const sql::UniqueConstraint& constraint : table.unique_constraints)
    keys.push_back(to_set(constraint.columns));
  for (const sql::Index& index : table.indexes) {
    if (!index.is_unique) continue;
    ColumnSet columns;
    for (const sql::ExpressionPtr& key : index.keys) {
      const sql::Expression& inner = key->as<sql::Ordering>() != nullptr ? *key->children().front() : *key;
      const auto* const column = inner.as<sql::ColumnReference>();
      if (column == nullptr) {
        columns.clear();
        break;
      }
      columns.push_back(column->column);
    }
    keys.push_back(to_set(std::move(columns)));
  }
  return keys;
}

/// Whether every row gets a value of its own for a column that is left to the database: a number, or NULL.
bool is_left_apart(const sql::Insert& insert, std::size_t column) {
  const sql::Column& definition = insert.source->table->columns[column];
  const bool is_apart = definition.generation == sql::Generation::kIdentity ||
                        (definition.generation == sql::Generation::kNone && definition.type.is_nullable);
  if (!is_apart) return false;
  const auto place = std::find(insert.columns.begin(), insert.columns.end(), column);
  if (place == insert.columns.end()) return true;
  const auto offset = static_cast<std::size_t>(place - insert.columns.begin());
  if (insert.values.empty()) return false;
  for (std::size_t index = offset; index < insert.values.size(); index += insert.columns.size()) {
    if (insert.values[index]->as<sql::DefaultValue>() == nullptr) return false;
  }
  return true;
}

bool can_conflict(const sql::Insert& insert, const ColumnSet& key) {
  return std::none_of(key.begin(), key.end(),
                      [&](std::size_t column) { return is_left_apart(insert, column); });
}

/// Finds columns of the table that is written, inside of queries too.
class WrittenColumns {
 public:
  WrittenColumns(const sql::Table& table, std::size_t column) : table_(table), column_(column) {}
  bool is_read_by(const sql::Expression& expression) {
    walk(expression);
    return is_read_;
  }
  void operator()(const sql::ExpressionPtr& part) {
    if (part) walk(*part);
  }
  void operator()(const sql::SourcePtr&) {}  // its rows are not those of the row that is written

 private:
  void walk(const sql::Expression& node) {
    if (const auto* const reference = node.as<sql::ColumnReference>())
      is_read_ = is_read_ || (reference->column == column_ && !reference->source->derived &&
                              reference->source->table->serial == table_.serial);
    if (const auto* const exists = node.as<sql::Exists>()) sql::for_each_part(*exists->query, *this);
    if (const auto* const subquery = node.as<sql::ScalarSubquery>())
      sql::for_each_part(*subquery->query, *this);
    if (const auto* const membership = node.as<sql::InSubquery>())
      sql::for_each_part(*membership->query, *this);
    for (const sql::ExpressionPtr& child : node.children()) walk(*child);
  }

  const sql::Table& table_;
  std::size_t column_;
  bool is_read_ = false;
};

/// Whether `reader` must be computed before `writer` changes its column.
bool must_precede(const sql::Table& table, const sql::Assignment& reader, const sql::Assignment& writer) {
  return WrittenColumns(table, writer.column).is_read_by(*reader.value);
}

// A value standing as a row of its own tells the server nothing of its type.
bool is_document(StorageType type) { return type == StorageType::kJson || type == StorageType::kArray; }
Words to_typed_opening(const MysqlDialect& dialect, StorageType type) {
  if (is_document(type)) return dialect.around_document().opening;
  return type == StorageType::kText || type == StorageType::kInet ? Words("") : Words("CAST(");
}
Words to_typed_closing(const MysqlDialect& dialect, StorageType type) {
  if (is_document(type)) return dialect.around_document().closing;
  switch (type) {
    case StorageType::kBool:
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
    case StorageType::kInterval:
      return " AS SIGNED)";
    case StorageType::kFloat64:
      return " AS DOUBLE)";
    case StorageType::kDecimal:
      return " AS DECIMAL(65, 30))";
    case StorageType::kDate:
      return " AS DATE)";
    case StorageType::kTime:
      return " AS TIME(6))";
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return " AS DATETIME(6))";
    case StorageType::kBytes:
    case StorageType::kUuid:
      return " AS BINARY)";
    case StorageType::kText:
    case StorageType::kInet:
    case StorageType::kJson:
    case StorageType::kArray:
      break;
  }
  return "";
}

}  // namespace

Status MysqlDialect::write_typed_value(Compilation& compilation, Operand value) const {
  const StorageType type = value.node->type().storage;
  compilation.text().words(to_typed_opening(*this, type));
  BRIDGE_RETURN_IF_ERROR(compilation.write_assigned(value));
  compilation.text().words(to_typed_closing(*this, type));
  return {};
}

Status MysqlDialect::write_values_source(Compilation& compilation, const sql::SourcePtr& source,
                                         const Identifier& name, std::size_t position) const {
  const std::vector<sql::ExpressionPtr>& given = source->derived->rows;
  const std::size_t width = source->table->columns.size();
  const bool is_lists = source->derived->kind == sql::DerivedKind::kLists;
  const std::size_t rows =
      is_lists ? sql::to_list_bucket(given.front()->as<sql::Parameter>()->value.elements.size())
               : given.size() / width;
  SqlWriter& text = compilation.text();
  const AroundRows around = around_rows();
  text.words(around.opening);
  for (std::size_t cell = 0; cell < rows * width; ++cell) {
    const std::size_t column = cell % width;
    if (column == 0 && cell > 0) text.words(around.between);
    if (column > 0) text.words(", ");
    if (is_lists) {
      const StorageType type = given[column]->type().element;
      text.words(to_typed_opening(*this, type));
      compilation.write_member({given[column].get(), position + column}, cell / width);
      text.words(to_typed_closing(*this, type));
    } else {
      BRIDGE_RETURN_IF_ERROR(write_typed_value(compilation, {given[cell].get(), position}));
      position += given[cell]->parameter_count();
    }
    if (around.first_row_has_names && cell < width)
      text.words(" AS ").identifier(source->table->columns[column].name);
  }
  text.words(around.closing).words(" AS ").identifier(name);
  if (around.first_row_has_names) return {};
  text.words("(");
  for (std::size_t column = 0; column < width; ++column) {
    if (column > 0) text.words(", ");
    text.identifier(source->table->columns[column].name);
  }
  text.words(")");
  return {};
}

// The server looks at every unique key, so only one of them may be able to refuse the row.
Status MysqlDialect::check_conflict_target(const sql::Insert& insert) const {
  const ColumnSet target = to_set(insert.on_conflict->target);
  if (target.empty()) return {};
  const std::vector<ColumnSet> keys = find_unique_keys(*insert.source->table);
  if (std::find(keys.begin(), keys.end(), target) == keys.end())
    return make_error(ErrorCode::kQuery, "on_conflict names columns of " + insert.source->table->name.text() +
                                             " that are no unique key of it");
  for (const ColumnSet& key : keys) {
    if (key == target || !can_conflict(insert, key)) continue;
    std::string names;
    for (const std::size_t column : key)
      names += (names.empty() ? "" : ", ") + insert.source->table->columns[column].name.text();
    return unsupported("on_conflict for one of several unique keys of " + insert.source->table->name.text() +
                       ": the row could meet another one in (" + names +
                       ") as well; look for the row first, in a transaction");
  }
  return {};
}

Status MysqlDialect::write_conflict(Compilation& compilation, const sql::ConflictClause& clause) const {
  const sql::OnConflict& conflict = *clause.insert.on_conflict;
  const sql::Table& table = *clause.insert.source->table;
  BRIDGE_RETURN_IF_ERROR(check_conflict_target(clause.insert));
  if (clause.where)
    return unsupported(
        "condition on the update of an upsert; set each column to case((condition, new), else_=old)");
  SqlWriter& text = compilation.text();
  BRIDGE_RETURN_IF_ERROR(write_conflict_words(text, clause.insert));
  if (conflict.action == sql::OnConflict::Action::kUpdate)
    return compilation.write_assignments(table, conflict.assignments, clause.assigned);
  // Nothing changes, and unlike INSERT IGNORE nothing else is forgiven.
  const auto key = std::find_if(table.columns.begin(), table.columns.end(),
                                [](const sql::Column& column) { return column.is_primary_key; });
  const sql::Column& column = key == table.columns.end() ? table.columns.front() : *key;
  text.identifier(column.name).words(" = ").table(table).words(".").identifier(column.name);
  return {};
}

// The rows of a query have their name already.
Status MysqlDialect::write_conflict_words(SqlWriter& writer, const sql::Insert& insert) const {
  writer.words(insert.query ? Words(" ON DUPLICATE KEY UPDATE ")
                            : Words(" AS excluded ON DUPLICATE KEY UPDATE "));
  return {};
}

Status MysqlDialect::write_insert_query(Compilation& compilation, const sql::Insert& insert,
                                        std::size_t position) const {
  if (!insert.on_conflict) return Dialect::write_insert_query(compilation, insert, position);
  compilation.text().words("SELECT * FROM (");
  BRIDGE_RETURN_IF_ERROR(Dialect::write_insert_query(compilation, insert, position));
  compilation.text().words(") AS excluded(");
  compilation.write_column_names(*insert.source->table, insert.columns);
  compilation.text().words(")");
  return {};
}

// Assignments are computed from the first to the last, each reading what those before it have written.
Result<std::vector<std::size_t>> MysqlDialect::order_assignments(
    const sql::Table& table, const std::vector<sql::Assignment>& assignments) const {
  std::vector<std::size_t> left(assignments.size());
  for (std::size_t index = 0; index < left.size(); ++index) left[index] = index;
  std::vector<std::size_t> order;
  while (!left.empty()) {
    const auto free = std::find_if(left.begin(), left.end(), [&](std::size_t writer) {
      return std::none_of(left.begin(), left.end(), [&](std::size_t reader) {
        return reader != writer && must_precede(table, assignments[reader], assignments[writer]);
      });
    });
    if (free == left.end())
      return unsupported(
          "update in which columns take over each other's values, as it computes one after the "
          "other; read the row, then write it");
    order.push_back(*free);
    left.erase(free);
  }
  return order;
}

// A limit keeps the subquery from being merged into the statement, where the table may not be read.
bool MysqlDialect::write_snapshot(SqlWriter& writer, const sql::Table& table) const {
  writer.words("(SELECT * FROM ").table(table).words(" LIMIT ").number(kNoLimit).words(")");
  return true;
}

Status MysqlDialect::write_update_sources(Compilation& compilation, const sql::Update& update,
                                          const sql::PartPositions& positions) const {
  if (update.from.empty()) return {};
  compilation.text().words(", ");
  return compilation.write_sources(update.from, positions);
}

}  // namespace bridge::mysql
