// The result of compiling a shape for one dialect: text, and where each value goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sql/statement.h"
#include "engine/telemetry/operation.h"
#include "engine/types/value.h"

namespace bridge::sql {

/// One placeholder of the text.
struct ParameterSlot {
  static constexpr std::int32_t kWhole = -1;
  std::uint32_t position = 0;     ///< index into collect_parameters()
  std::int32_t element = kWhole;  ///< index into an expanded list; the last member repeats to fill it up
  types::ColumnType type;
};

/// One column of the result, as the statement expects it.
struct ExpectedColumn {
  std::string name;  ///< empty: as the database calls it
  types::ColumnType type;
};

struct CompiledStatement;

/// How the rows of an insert are read back where the database returns none from it.
struct Rereading {
  /// Runs behind the insert, on its connection and in its transaction; gives the rows in the order they were
  /// sent where the database numbered them, in any order else.
  std::shared_ptr<const CompiledStatement> query;
  std::vector<std::size_t> values;  ///< of the query: places among the insert's values in wire order
  std::size_t row_count = 0;        ///< how many rows must come; 0: as many as there are
  /// One row, of which only the number the database gave it is asked.
  bool wants_number_only = false;
};

/// Immutable; shared by every execution of its shape. Contains no value.
struct CompiledStatement {
  std::shared_ptr<const std::string> text;
  std::vector<ParameterSlot> parameters;  ///< in wire order
  std::vector<ExpectedColumn> columns;    ///< empty with has_unknown_columns or no rows
  telemetry::Operation operation = telemetry::Operation::kSelect;
  bool returns_rows = false;
  bool has_unknown_columns = false;  ///< raw: the server's description decides
  bool is_read_only = false;         ///< provably changes nothing
  bool is_shareable =
      false;  ///< may stand in one pipeline with other callers' reads (ARCHITECTURE.md, shared reads)
  bool is_key_lookup = false;    ///< reads at most one row by its whole primary key
  bool dirties_session = false;  ///< may change session state (raw)
  /// Bulk insert only: the target in the database's words, for its bulk path.
  std::string bulk_text;
  /// Set for an insert that returns rows in a database that has to be asked for them.
  std::shared_ptr<const Rereading> rereading{};
  /// Said to the server by itself before `text`, where one text cannot say it all; empty elsewhere.
  std::string prelude;
  bool is_repeatable = false;  ///< a definition that does nothing where its object is there already
  bool is_upsert = false;      ///< an insert that updates rows which are there already: all its rows count
  /// Of an upsert: its rows, where they are written in VALUES.
  std::size_t given_rows = 0;
  /// Number of this compilation, never reused: names prepared statements.
  std::uint64_t serial = 0;
};
using CompiledPtr = std::shared_ptr<const CompiledStatement>;

/// The values of `statement` in the wire order of `compiled`, which must come from a statement of the same
/// shape.
Result<std::vector<types::Value>> bind_values(const Statement& statement, const CompiledStatement& compiled);
/// The same for values handed over in the order of `collect_parameters`, or row by row for an insert from
/// outside; the caller has checked their types. Values that stand in wire order already are not copied.
Result<std::vector<types::Value>> arrange_values(std::vector<types::Value> given,
                                                 const CompiledStatement& compiled);

}  // namespace bridge::sql
