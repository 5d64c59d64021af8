// Tables written column by column.
#include "engine/sql/fluent/table_builder.h"

#include "engine/sql/expression.h"

namespace bridge::sql::fluent {
namespace {

using types::ColumnType;
using types::StorageType;

ColumnType plain(StorageType storage, Nullable nullable) {
  return {.storage = storage, .is_nullable = nullable == Nullable::kYes};
}

}  // namespace

TableBuilder::TableBuilder(std::string_view name) {
  Result<Identifier> identifier = Identifier::make(name);
  if (identifier) {
    table_.emplace(Table{.name = std::move(identifier).value(),
                         .schema = std::nullopt,
                         .columns = {},
                         .foreign_keys = {},
                         .unique_constraints = {},
                         .checks = {},
                         .indexes = {}});
  } else {
    error_ = std::move(identifier).error();
  }
}

TableBuilder& TableBuilder::note(Status status) {
  if (!status && !error_) error_ = std::move(status).error();
  return *this;
}

Status TableBuilder::add_column(std::string_view name, const ColumnType& type, Generation generation) {
  if (!table_) return {};  // the name was refused, which is told already
  BRIDGE_ASSIGN_OR_RETURN(Identifier identifier, Identifier::make(name));
  table_->columns.push_back(Column{.name = std::move(identifier),
                                   .type = type,
                                   .is_primary_key = generation == Generation::kIdentity,
                                   .generation = generation,
                                   .default_expression = nullptr,
                                   .labels = {}});
  return {};
}

TableBuilder& TableBuilder::identity(std::string_view name) {
  return note(add_column(name, plain(StorageType::kInt64, Nullable::kNo), Generation::kIdentity));
}

TableBuilder& TableBuilder::column(std::string_view name, const ColumnType& type) {
  return note(add_column(name, type, Generation::kNone));
}

TableBuilder& TableBuilder::boolean(std::string_view name, Nullable nullable) {
  return column(name, plain(StorageType::kBool, nullable));
}

TableBuilder& TableBuilder::integer(std::string_view name, Nullable nullable) {
  return column(name, plain(StorageType::kInt64, nullable));
}

TableBuilder& TableBuilder::real(std::string_view name, Nullable nullable) {
  return column(name, plain(StorageType::kFloat64, nullable));
}

TableBuilder& TableBuilder::decimal(std::string_view name, std::uint16_t precision, std::uint16_t scale,
                                    Nullable nullable) {
  ColumnType type = plain(StorageType::kDecimal, nullable);
  type.precision = precision;
  type.scale = scale;
  return column(name, type);
}

TableBuilder& TableBuilder::text(std::string_view name, std::uint32_t max_length, Nullable nullable) {
  ColumnType type = plain(StorageType::kText, nullable);
  type.max_length = max_length;
  return column(name, type);
}

TableBuilder& TableBuilder::timestamp_utc(std::string_view name, Nullable nullable) {
  return column(name, plain(StorageType::kTimestampUtc, nullable));
}

Result<std::vector<std::size_t>> TableBuilder::indices_of(
    const std::vector<std::string_view>& columns) const {
  std::vector<std::size_t> indices;
  for (const std::string_view name : columns) {
    const std::optional<std::size_t> index = table_->find_column(name);
    if (!index) {
      BRIDGE_RETURN_IF_ERROR(Identifier::make(name));
      return make_error(ErrorCode::kModel,
                        "table " + table_->name.text() + " has no column " + std::string(name) + " yet");
    }
    indices.push_back(*index);
  }
  return indices;
}

TableBuilder& TableBuilder::primary_key(const std::vector<std::string_view>& columns) {
  if (!table_) return *this;
  Result<std::vector<std::size_t>> indices = indices_of(columns);
  if (!indices) return note(std::move(indices).error());
  for (const std::size_t index : *indices) table_->columns[index].is_primary_key = true;
  return *this;
}

TableBuilder& TableBuilder::unique(const std::vector<std::string_view>& columns) {
  if (!table_) return *this;
  Result<std::vector<std::size_t>> indices = indices_of(columns);
  if (!indices) return note(std::move(indices).error());
  table_->unique_constraints.push_back(UniqueConstraint{std::nullopt, std::move(indices).value()});
  return *this;
}

TableBuilder& TableBuilder::index(const std::vector<std::string_view>& columns) {
  if (!table_) return *this;
  Result<std::vector<std::size_t>> indices = indices_of(columns);
  if (!indices) return note(std::move(indices).error());
  indexes_.push_back(std::move(indices).value());
  return *this;
}

TableBuilder& TableBuilder::references(std::string_view column, const TablePtr& target,
                                       ReferentialAction on_delete) {
  return note(add_reference(column, target, on_delete));
}

Status TableBuilder::add_reference(std::string_view column, const TablePtr& target,
                                   ReferentialAction on_delete) {
  if (!table_) return {};
  BRIDGE_ASSIGN_OR_RETURN(std::vector<std::size_t> columns, indices_of({column}));
  ForeignKey key{.name = std::nullopt,
                 .columns = std::move(columns),
                 .target_schema = target->schema,
                 .target_table = target->name,
                 .target_columns = {},
                 .on_delete = on_delete};
  for (const Column& candidate : target->columns) {
    if (candidate.is_primary_key) key.target_columns.push_back(candidate.name);
  }
  if (key.target_columns.size() != key.columns.size()) {
    return make_error(ErrorCode::kModel,
                      "table " + target->name.text() + " has no key of one column to refer to");
  }
  table_->foreign_keys.push_back(std::move(key));
  return {};
}

Result<TablePtr> TableBuilder::build() {
  if (error_) return std::move(*error_);
  // Index keys are nodes over the table itself, of which a plain copy serves as long as names and types are
  // the same.
  BRIDGE_ASSIGN_OR_RETURN(TablePtr plain_table, make_table(*table_));
  const SourcePtr source = std::make_shared<const Source>(Source{plain_table, false});
  for (const std::vector<std::size_t>& columns : indexes_) {
    Index index;
    for (const std::size_t column : columns) {
      BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr key, make_column(source, column));
      index.keys.push_back(std::move(key));
    }
    table_->indexes.push_back(std::move(index));
  }
  if (table_->indexes.empty()) return plain_table;
  return make_table(std::move(*table_));
}

}  // namespace bridge::sql::fluent
