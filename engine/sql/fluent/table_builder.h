// Tables written column by column; errors wait until `build`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/sql/fluent/literal.h"
#include "engine/sql/table.h"

namespace bridge::sql::fluent {

/// Whether a column may hold NULL.
enum class Nullable : std::uint8_t { kNo, kYes };

/// Collects a table. Every call answers the builder itself. Not thread safe; `build` may be called once.
class TableBuilder {
 public:
  explicit TableBuilder(std::string_view name);

  /// A key column of 64 bits that the database numbers.
  TableBuilder& identity(std::string_view name);
  /// A column of any type.
  TableBuilder& column(std::string_view name, const types::ColumnType& type);
  TableBuilder& boolean(std::string_view name, Nullable nullable = Nullable::kNo);
  TableBuilder& integer(std::string_view name, Nullable nullable = Nullable::kNo);
  TableBuilder& real(std::string_view name, Nullable nullable = Nullable::kNo);
  /// `precision` digits in all, `scale` of them behind the point.
  TableBuilder& decimal(std::string_view name, std::uint16_t precision, std::uint16_t scale,
                        Nullable nullable = Nullable::kNo);
  /// `max_length` in characters; 0 = unbounded.
  TableBuilder& text(std::string_view name, std::uint32_t max_length = 0, Nullable nullable = Nullable::kNo);
  TableBuilder& timestamp_utc(std::string_view name, Nullable nullable = Nullable::kNo);
  /// Makes columns named before the primary key.
  TableBuilder& primary_key(const std::vector<std::string_view>& columns);
  TableBuilder& unique(const std::vector<std::string_view>& columns);
  TableBuilder& index(const std::vector<std::string_view>& columns);
  /// A column of 64 bits (already named) that holds keys of `target`, a table of one key column.
  TableBuilder& references(std::string_view column, const TablePtr& target,
                           ReferentialAction on_delete = ReferentialAction::kNoAction);

  /// The checked table, or the first error of any call.
  Result<TablePtr> build();

 private:
  Result<std::vector<std::size_t>> indices_of(const std::vector<std::string_view>& columns) const;
  Status add_column(std::string_view name, const types::ColumnType& type, Generation generation);
  Status add_reference(std::string_view column, const TablePtr& target, ReferentialAction on_delete);
  TableBuilder& note(Status status);

  std::optional<Table> table_;
  std::vector<std::vector<std::size_t>> indexes_;
  std::optional<Error> error_;
};

}  // namespace bridge::sql::fluent
