// Standard SQL: what a dialect says unless it overrides.
#include "engine/sql/dialect.h"

#include "engine/sql/compilation.h"
#include "engine/sql/functions.h"

namespace bridge::sql {
namespace {

constexpr std::string_view kNoSavepoints = "savepoints; end the transaction and begin another";

}  // namespace

Error Dialect::unsupported(std::string_view construct) const {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(name()) + " has no " + std::string(construct));
}

Status Dialect::require(Capability capability, std::string_view construct) const {
  if (capabilities().has(capability)) return {};
  return unsupported(construct);
}

void Dialect::write_quoted(std::string& text, const Identifier& name) const {
  text.append("\"").append(name.text()).append("\"");
}

std::optional<std::string_view> Dialect::function_name(std::string_view portable_name) const {
  return portable_name;
}

Status Dialect::write_page(Compilation& compilation, Operand limit, Operand offset) const {
  SqlWriter& text = compilation.text();
  if (offset) {
    text.words(" OFFSET ");
    compilation.write_whole(offset);
    text.words(" ROWS");
  }
  if (limit) {
    text.words(" FETCH NEXT ");
    compilation.write_whole(limit);
    text.words(" ROWS ONLY");
  }
  return {};
}

Status Dialect::write_values_source(Compilation& compilation, const SourcePtr& source, const Identifier& name,
                                    std::size_t position) const {
  SqlWriter& text = compilation.text();
  text.words("(");
  BRIDGE_RETURN_IF_ERROR(compilation.write_rows(source, position));
  text.words(") AS ").identifier(name).words("(");
  for (std::size_t index = 0; index < source->table->columns.size(); ++index) {
    if (index > 0) text.words(", ");
    text.identifier(source->table->columns[index].name);
  }
  text.words(")");
  return {};
}

Status Dialect::write_update_sources(Compilation& compilation, const Update& update,
                                     const PartPositions& positions) const {
  if (update.from.empty()) return {};
  BRIDGE_RETURN_IF_ERROR(
      require(Capability::kUpdateFrom, "update from other tables; set values from scalar subqueries"));
  compilation.text().words(" FROM ");
  return compilation.write_sources(update.from, positions);
}

Status Dialect::write_lock(Compilation& compilation, const Lock& lock) const {
  BRIDGE_RETURN_IF_ERROR(
      require(Capability::kRowLocks, "row locks; a serializable transaction keeps others away"));
  SqlWriter& text = compilation.text();
  text.words(lock.strength == LockStrength::kShare ? SqlWriter::Words(" FOR SHARE")
                                                   : SqlWriter::Words(" FOR UPDATE"));
  bool is_first = true;
  for (const SourcePtr& source : lock.of) {
    const SourceUse* const use = compilation.scopes().find(source.get());
    if (use == nullptr)
      return make_error(ErrorCode::kQuery, "a lock names a table the query neither selects from nor joins");
    text.words(is_first ? SqlWriter::Words(" OF ") : SqlWriter::Words(", ")).identifier(use->name);
    is_first = false;
  }
  if (lock.nowait) text.words(" NOWAIT");
  if (!lock.skip_locked) return {};
  BRIDGE_RETURN_IF_ERROR(
      require(Capability::kSkipLocked, "SKIP LOCKED; lock with nowait and try other rows"));
  text.words(" SKIP LOCKED");
  return {};
}

Status Dialect::write_conflict(Compilation& compilation, const ConflictClause& clause) const {
  BRIDGE_RETURN_IF_ERROR(
      require(Capability::kOnConflict, "on_conflict; look for the row first, in a serializable transaction"));
  const OnConflict& conflict = *clause.insert.on_conflict;
  const Table& table = *clause.insert.source->table;
  SqlWriter& text = compilation.text();
  text.words(" ON CONFLICT");
  if (!conflict.target.empty()) {
    text.words(" (");
    compilation.write_column_names(table, conflict.target);
    text.words(")");
  }
  if (conflict.action == OnConflict::Action::kIgnore) {
    text.words(" DO NOTHING");
    return {};
  }
  text.words(" DO UPDATE SET ");
  BRIDGE_RETURN_IF_ERROR(compilation.write_assignments(table, conflict.assignments, clause.assigned));
  if (!clause.where) return {};
  text.words(" WHERE ");
  return compilation.write(clause.where);
}

Status Dialect::write_insert_query(Compilation& compilation, const Insert& insert,
                                   std::size_t position) const {
  const bool needs_where = insert.on_conflict && needs_where_before_conflict();
  return compilation.write_query(*insert.query, position, {.needs_where = needs_where});
}

Result<std::vector<std::size_t>> Dialect::order_assignments(const Table&,
                                                            const std::vector<Assignment>&) const {
  return std::vector<std::size_t>();
}

bool Dialect::write_snapshot(SqlWriter&, const Table&) const { return false; }

Status Dialect::write_begin_prelude(SqlWriter&, const Begin&) const { return {}; }

Status Dialect::write_default_row(SqlWriter& writer) const {
  writer.words(" DEFAULT VALUES");
  return {};
}

Status Dialect::write_begin(SqlWriter& writer, const Begin& begin) const {
  writer.words("START TRANSACTION");
  switch (begin.isolation) {
    case Isolation::kDefault:
      writer.words(begin.is_readonly ? SqlWriter::Words(" READ ONLY") : SqlWriter::Words(""));
      return {};
    case Isolation::kReadUncommitted:
      writer.words(" ISOLATION LEVEL READ UNCOMMITTED");
      break;
    case Isolation::kReadCommitted:
      writer.words(" ISOLATION LEVEL READ COMMITTED");
      break;
    case Isolation::kRepeatableRead:
      writer.words(" ISOLATION LEVEL REPEATABLE READ");
      break;
    case Isolation::kSerializable:
      writer.words(" ISOLATION LEVEL SERIALIZABLE");
      break;
  }
  writer.words(begin.is_readonly ? SqlWriter::Words(", READ ONLY") : SqlWriter::Words(""));
  return {};
}

Status Dialect::write_commit(SqlWriter& writer) const {
  writer.words("COMMIT");
  return {};
}

Status Dialect::write_rollback(SqlWriter& writer) const {
  writer.words("ROLLBACK");
  return {};
}

Status Dialect::write_savepoint(SqlWriter& writer, const Identifier& name) const {
  BRIDGE_RETURN_IF_ERROR(require(Capability::kSavepoints, kNoSavepoints));
  writer.words("SAVEPOINT ").identifier(name);
  return {};
}

Status Dialect::write_release(SqlWriter& writer, const Identifier& name) const {
  BRIDGE_RETURN_IF_ERROR(require(Capability::kSavepoints, kNoSavepoints));
  writer.words("RELEASE SAVEPOINT ").identifier(name);
  return {};
}

Status Dialect::write_rollback_to(SqlWriter& writer, const Identifier& name) const {
  BRIDGE_RETURN_IF_ERROR(require(Capability::kSavepoints, kNoSavepoints));
  writer.words("ROLLBACK TO SAVEPOINT ").identifier(name);
  return {};
}

Status Dialect::write_as_of(SqlWriter&, const PointInTime&) const { return unsupported("as_of"); }

Status Dialect::write_version_source(SqlWriter&, const VersionSource&) const {
  return unsupported("version control: its rows have no history to read");
}

Status Dialect::write_version_change(Compilation&, const VersionChange&, const PartPositions&) const {
  return unsupported("version control: branches, commits and merges of its rows");
}

Status Dialect::write_explain(SqlWriter&, const Explain&) const { return unsupported("explain"); }

bool Dialect::can_return(telemetry::Operation) const { return capabilities().has(Capability::kReturning); }

Status Dialect::write_numbered_rows(SqlWriter&, const Identifier&, std::size_t) const {
  return unsupported("reading back of rows it numbered; give the keys, or select the rows again");
}

Status Dialect::write_bulk_target(SqlWriter&, const Insert&) const { return {}; }

}  // namespace bridge::sql
