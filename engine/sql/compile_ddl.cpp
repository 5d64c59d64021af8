// Definitions: tables, indexes, foreign keys.
#include <algorithm>

#include "engine/sql/constraint_names.h"
#include "engine/sql/statement_compiler.h"

namespace bridge::sql {
namespace {

// What a database lacks that checks everything at once, and what to do instead.
constexpr std::string_view kDeferredKey =
    "foreign keys that are checked when a transaction commits; let one column of the circle be NULL for a "
    "while";
constexpr std::string_view kDeferredUnique =
    "unique constraints that are checked when a transaction commits; free a value before another row takes "
    "it";

using telemetry::Operation;
using Words = SqlWriter::Words;

Words to_words(ReferentialAction action) {
  switch (action) {
    case ReferentialAction::kNoAction:
      return "NO ACTION";
    case ReferentialAction::kRestrict:
      return "RESTRICT";
    case ReferentialAction::kCascade:
      return "CASCADE";
    case ReferentialAction::kSetNull:
      return "SET NULL";
    case ReferentialAction::kSetDefault:
      return "SET DEFAULT";
  }
  return "NO ACTION";
}

/// Writes the lines of one CREATE TABLE.
class TableWriter {
 public:
  TableWriter(Compilation& compilation, const CreateTable& creation)
      : compilation_(compilation), creation_(creation), table_(*creation.table) {}

  Status write() {
    text().words("CREATE TABLE ");
    if (creation_.if_not_exists) text().words("IF NOT EXISTS ");
    text().table(table_).words(" (");
    for (const Column& column : table_.columns) {
      begin_line();
      BRIDGE_RETURN_IF_ERROR(dialect().write_column_definition(compilation_, table_, column));
    }
    BRIDGE_RETURN_IF_ERROR(write_primary_key());
    BRIDGE_RETURN_IF_ERROR(write_uniques());
    BRIDGE_RETURN_IF_ERROR(write_foreign_keys());
    BRIDGE_RETURN_IF_ERROR(write_labels());
    BRIDGE_RETURN_IF_ERROR(write_checks());
    text().words("\n)");
    return {};
  }

  Status write_foreign_key(const ForeignKey& key) {
    BRIDGE_RETURN_IF_ERROR(choose_name(key.name, key.columns, kForeignKeySuffix));
    if (dialect().write_unchecked_reference(text(), names_.back())) {
      text().words(" (");
      compilation_.write_column_names(table_, key.columns);
      text().words(")");
      return {};
    }
    text().words("CONSTRAINT ").identifier(names_.back()).words(" FOREIGN KEY (");
    compilation_.write_column_names(table_, key.columns);
    text().words(") REFERENCES ").table(key.target_schema, key.target_table).words(" (");
    for (std::size_t index = 0; index < key.target_columns.size(); ++index) {
      if (index > 0) text().words(", ");
      text().identifier(key.target_columns[index]);
    }
    text().words(")");
    if (key.on_delete != ReferentialAction::kNoAction)
      text().words(" ON DELETE ").words(to_words(key.on_delete));
    if (key.on_update != ReferentialAction::kNoAction)
      text().words(" ON UPDATE ").words(to_words(key.on_update));
    return key.is_deferred ? write_deferred(Capability::kDeferrableConstraints, kDeferredKey) : Status{};
  }

 private:
  SqlWriter& text() { return compilation_.text(); }
  const Dialect& dialect() const { return compilation_.dialect(); }

  void begin_line() {
    text().words(is_first_line_ ? Words("\n  ") : Words(",\n  "));
    is_first_line_ = false;
  }

  // A derived name met a second time (two checks over the same columns) is told apart by a number.
  Result<Identifier> make_name(const std::vector<std::size_t>& columns, std::string_view suffix) {
    const std::size_t limit = dialect().limits().max_identifier_bytes;
    std::string numbered(suffix);
    for (std::size_t copy = 1;; ++copy) {
      BRIDGE_ASSIGN_OR_RETURN(Identifier name, make_constraint_name(table_, columns, numbered, limit));
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) return name;
      numbered = std::string(suffix) + std::to_string(copy);
    }
  }

  Status choose_name(const std::optional<Identifier>& name, const std::vector<std::size_t>& columns,
                     std::string_view suffix) {
    if (name) {
      names_.push_back(*name);
    } else {
      BRIDGE_ASSIGN_OR_RETURN(Identifier derived, make_name(columns, suffix));
      names_.push_back(std::move(derived));
    }
    return {};
  }

  Status write_name(const std::optional<Identifier>& name, const std::vector<std::size_t>& columns,
                    std::string_view suffix) {
    BRIDGE_RETURN_IF_ERROR(choose_name(name, columns, suffix));
    text().words("CONSTRAINT ").identifier(names_.back()).words(" ");
    return {};
  }

  Status write_primary_key() {
    std::vector<std::size_t> key;
    for (std::size_t index = 0; index < table_.columns.size(); ++index) {
      if (table_.columns[index].is_primary_key) key.push_back(index);
    }
    if (key.empty() || dialect().is_key_inline(table_)) return {};
    begin_line();
    BRIDGE_RETURN_IF_ERROR(write_name(std::nullopt, {}, kPrimaryKeySuffix));
    text().words("PRIMARY KEY (");
    compilation_.write_column_names(table_, key);
    text().words(")");
    return {};
  }

  Status write_uniques() {
    for (const UniqueConstraint& constraint : table_.unique_constraints) {
      begin_line();
      BRIDGE_RETURN_IF_ERROR(write_name(constraint.name, constraint.columns, kUniqueSuffix));
      text().words("UNIQUE (");
      compilation_.write_column_names(table_, constraint.columns);
      text().words(")");
      if (constraint.is_deferred)
        BRIDGE_RETURN_IF_ERROR(write_deferred(Capability::kDeferrableUniques, kDeferredUnique));
    }
    return {};
  }

  Status write_deferred(Capability capability, std::string_view refusal) {
    if (!dialect().capabilities().has(capability))
      return make_error(ErrorCode::kUnsupportedFeature,
                        std::string(dialect().name()) + " has no " + std::string(refusal));
    text().words(" DEFERRABLE INITIALLY DEFERRED");
    return {};
  }

  Status write_foreign_keys() {
    const bool can_postpone = dialect().capabilities().has(Capability::kAddForeignKey);
    const auto& postponed = creation_.postponed_foreign_keys;
    for (std::size_t index = 0; index < table_.foreign_keys.size(); ++index) {
      if (can_postpone && std::find(postponed.begin(), postponed.end(), index) != postponed.end()) continue;
      begin_line();
      BRIDGE_RETURN_IF_ERROR(write_foreign_key(table_.foreign_keys[index]));
    }
    return {};
  }

  Status write_labels() {
    for (std::size_t index = 0; index < table_.columns.size(); ++index) {
      const Column& column = table_.columns[index];
      if (column.labels.empty()) continue;
      begin_line();
      BRIDGE_RETURN_IF_ERROR(write_name(std::nullopt, {index}, kCheckSuffix));
      text().words("CHECK (").identifier(column.name).words(" IN (");
      for (std::size_t label = 0; label < column.labels.size(); ++label) {
        if (label > 0) text().words(", ");
        BRIDGE_RETURN_IF_ERROR(text().literal(types::Value::of_text(column.labels[label]), column.type));
      }
      text().words("))");
    }
    return {};
  }

  Status write_checks() {
    for (const CheckConstraint& check : table_.checks) {
      begin_line();
      BRIDGE_RETURN_IF_ERROR(write_name(check.name, find_columns({check.condition}), kCheckSuffix));
      text().words("CHECK (");
      BRIDGE_RETURN_IF_ERROR(compilation_.write({check.condition.get(), 0}));
      text().words(")");
    }
    return {};
  }

  Compilation& compilation_;
  const CreateTable& creation_;
  const Table& table_;
  std::vector<Identifier> names_;
  bool is_first_line_ = true;
};

Error missing(const Table& table, std::string_view what) {
  return make_error(ErrorCode::kModel,
                    "table " + table.name.text() + " has no " + std::string(what) + " of that index");
}

}  // namespace

Status StatementCompiler::operator()(const CreateTable& creation) {
  result_.operation = Operation::kDefine;
  return TableWriter(compilation_, creation).write();
}

Status StatementCompiler::operator()(const AddForeignKey& addition) {
  result_.operation = Operation::kDefine;
  const Table& table = *addition.table;
  if (addition.foreign_key >= table.foreign_keys.size()) return missing(table, "foreign key");
  if (!dialect().capabilities().has(Capability::kAddForeignKey)) {
    if (addition.is_postponed) return dialect().write_nothing(text());
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect().name()) +
            " has no foreign keys added to an existing table; name it where the table is created");
  }
  text().words("ALTER TABLE ").table(table).words(" ADD ");
  const CreateTable creation{addition.table};
  return TableWriter(compilation_, creation).write_foreign_key(table.foreign_keys[addition.foreign_key]);
}

Status StatementCompiler::operator()(const CreateIndex& creation) {
  result_.operation = Operation::kDefine;
  const Table& table = *creation.table;
  if (creation.index >= table.indexes.size()) return missing(table, "index");
  result_.is_repeatable = creation.if_not_exists;
  BRIDGE_ASSIGN_OR_RETURN(const Identifier name,
                          to_index_name(table, creation.index, dialect().limits().max_identifier_bytes));
  BRIDGE_RETURN_IF_ERROR(dialect().write_create_index(text(), creation, name));
  text().words(" (");
  bool is_first = true;
  for (const ExpressionPtr& key : table.indexes[creation.index].keys) {
    if (!is_first) text().words(", ");
    is_first = false;
    const auto* const ordering = key->as<Ordering>();
    const Expression& inner = ordering != nullptr ? *key->children().front() : *key;
    const bool is_column = inner.as<ColumnReference>() != nullptr;
    if (!is_column) text().words("(");
    BRIDGE_RETURN_IF_ERROR(compilation_.write({&inner, 0}));
    if (!is_column) text().words(")");
    if (ordering != nullptr && ordering->is_descending) text().words(" DESC");
    if (ordering == nullptr || ordering->nulls == NullsOrder::kDefault) continue;
    if (!dialect().capabilities().has(Capability::kIndexNullsOrdering)) {
      return make_error(
          ErrorCode::kUnsupportedFeature,
          std::string(dialect().name()) +
              " has no NULLS FIRST and NULLS LAST in an index; say it where queries are ordered");
    }
    text().words(ordering->nulls == NullsOrder::kFirst ? Words(" NULLS FIRST") : Words(" NULLS LAST"));
  }
  text().words(")");
  return {};
}

Status StatementCompiler::operator()(const CreateTextIndex& creation) {
  result_.operation = Operation::kDefine;
  if (creation.index >= creation.table->text_indexes.size()) return missing(*creation.table, "text index");
  return dialect().write_create_text_index(text(), creation);
}

Status StatementCompiler::operator()(const DropTextIndex& removal) {
  result_.operation = Operation::kDefine;
  if (removal.index >= removal.table->text_indexes.size()) return missing(*removal.table, "text index");
  return dialect().write_drop_text_index(text(), removal);
}

Status StatementCompiler::operator()(const DropTable& removal) {
  result_.operation = Operation::kDefine;
  return dialect().write_drop_table(text(), removal);
}

}  // namespace bridge::sql
