// Transaction control.
#include "engine/sql/statement_compiler.h"

namespace bridge::sql {

using telemetry::Operation;

Status StatementCompiler::operator()(const Begin& begin) {
  result_.operation = Operation::kBegin;
  if (!dialect().capabilities().has(Capability::kInteractiveTransactions)) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect().name()) +
            " has no interactive transactions; write in a session, which sends everything at once");
  }
  SqlWriter prelude(dialect());
  BRIDGE_RETURN_IF_ERROR(dialect().write_begin_prelude(prelude, begin));
  result_.prelude = prelude.take_text();
  return dialect().write_begin(text(), begin);
}

Status StatementCompiler::operator()(const Commit&) {
  result_.operation = Operation::kCommit;
  return dialect().write_commit(text());
}

Status StatementCompiler::operator()(const Rollback&) {
  result_.operation = Operation::kRollback;
  return dialect().write_rollback(text());
}

Status StatementCompiler::operator()(const Savepoint& savepoint) {
  result_.operation = Operation::kSavepoint;
  return dialect().write_savepoint(text(), savepoint.name);
}

Status StatementCompiler::operator()(const ReleaseSavepoint& savepoint) {
  result_.operation = Operation::kReleaseSavepoint;
  return dialect().write_release(text(), savepoint.name);
}

Status StatementCompiler::operator()(const RollbackToSavepoint& savepoint) {
  result_.operation = Operation::kRollbackToSavepoint;
  return dialect().write_rollback_to(text(), savepoint.name);
}

}  // namespace bridge::sql
