// Rows as they lie in the connection's buffer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/driver/cell_decoder.h"

namespace bridge::driver {

/// What the server says of one column of a result, met with what the statement expects of it.
struct ResultColumn {
  std::string name;
  /// The type the cells are decoded as. Equal to the expected type where the statement named one, else
  /// derived from the wire type.
  types::ColumnType type;
  std::uint32_t wire_type = 0;  ///< the database's own type number (OID, field type)
  std::int32_t wire_modifier = -1;
  DecodeCell decode = nullptr;
  /// The database types each cell, not the column, and nothing is expected: cells are integers, reals, text
  /// or bytes as they come.
  bool is_typed_by_cell = false;
};

/// Several rows of one result, row-major. Borrowed: cells point into the connection's buffer and die with the
/// call that hands the batch over.
struct RowBatch {
  std::span<const ResultColumn> columns;
  std::span<const Cell> cells;  ///< rows * columns.size()

  std::size_t row_count() const { return columns.empty() ? 0 : cells.size() / columns.size(); }
  std::span<const Cell> row(std::size_t index) const {
    return cells.subspan(index * columns.size(), columns.size());
  }
};

}  // namespace bridge::driver
