// Dolt's words for versions: AS OF, its functions that tell the history, its procedures that make it.
#include "engine/databases/dolt/dialect.h"
#include "engine/sql/compilation.h"
#include "engine/types/datetime.h"

namespace bridge::dolt {
namespace {

using sql::SqlWriter;
using sql::VersionAction;
using sql::VersionTable;
using sql::VersionWord;
using Words = SqlWriter::Words;

constexpr types::ColumnType kText{.storage = types::StorageType::kText};

Status write_text(SqlWriter& writer, const std::string& text) {
  return writer.literal(types::Value::of_text(text), kText);
}

Words to_words(VersionTable table) {
  switch (table) {
    case VersionTable::kLog:
      return "dolt_log";
    case VersionTable::kDifferences:
      return "dolt_diff";
    case VersionTable::kBranches:
      return "dolt_branches";
    case VersionTable::kTags:
      return "dolt_tags";
    case VersionTable::kConflicts:
      return "dolt_preview_merge_conflicts";
    case VersionTable::kConflictCounts:
      return "dolt_preview_merge_conflicts_summary";
  }
  return "dolt_log";
}

Words to_words(VersionAction action) {
  switch (action) {
    case VersionAction::kCommit:
      return "CALL DOLT_COMMIT(";
    case VersionAction::kStage:
      return "CALL DOLT_ADD(";
    case VersionAction::kMerge:
      return "CALL DOLT_MERGE(";
    case VersionAction::kReset:
      return "CALL DOLT_RESET(";
    case VersionAction::kBranch:
      return "CALL DOLT_BRANCH(";
    case VersionAction::kTag:
      return "CALL DOLT_TAG(";
  }
  return "CALL DOLT_COMMIT(";
}

// The option, before its value where it has one; a name stands by itself.
Words to_words(VersionWord word) {
  switch (word) {
    case VersionWord::kName:
      return "";
    case VersionWord::kMessage:
      return "'--message'";
    case VersionWord::kAuthor:
      return "'--author'";
    case VersionWord::kAll:
      return "'-A'";
    case VersionWord::kEmpty:
      return "'--allow-empty'";
    case VersionWord::kNoForward:
      return "'--no-ff'";
    case VersionWord::kSquash:
      return "'--squash'";
    case VersionWord::kHard:
      return "'--hard'";
    case VersionWord::kDelete:
      return "'-d'";
    case VersionWord::kForce:
      return "'-f'";
  }
  return "";
}

}  // namespace

Status DoltDialect::write_as_of(SqlWriter& writer, const sql::PointInTime& point) const {
  writer.words(" AS OF ");
  switch (point.kind) {
    case sql::PointInTime::Kind::kRevision:
      return write_text(writer, point.revision->text());
    case sql::PointInTime::Kind::kFollowers:
      return unsupported("follower reads; say as_of a revision or a moment");
    case sql::PointInTime::Kind::kMoment:
      break;
  }
  std::string moment;
  BRIDGE_RETURN_IF_ERROR(types::append_timestamp(moment, point.moment));
  writer.words("TIMESTAMP(");
  BRIDGE_RETURN_IF_ERROR(write_text(writer, moment));
  writer.words(")");
  return {};
}

Status DoltDialect::write_version_source(SqlWriter& writer, const sql::VersionSource& source) const {
  writer.words(to_words(source.table));
  if (source.table == VersionTable::kBranches || source.table == VersionTable::kTags) return {};
  writer.words("(");
  bool is_first = true;
  for (const sql::Revision& revision : source.revisions) {
    if (!is_first) writer.words(", ");
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_text(writer, revision.text()));
  }
  if (source.rows_of) {
    writer.words(", ");
    BRIDGE_RETURN_IF_ERROR(write_text(writer, source.rows_of->text()));
  }
  writer.words(")");
  return {};
}

Status DoltDialect::write_version_change(sql::Compilation& compilation, const sql::VersionChange& change,
                                         const sql::PartPositions& positions) const {
  SqlWriter& text = compilation.text();
  text.words(to_words(change.action));
  bool is_first = true;
  for (const sql::VersionChange::Word& word : change.words) {
    if (!is_first) text.words(", ");
    is_first = false;
    text.words(to_words(word.word));
    if (!word.value) continue;
    if (word.word != VersionWord::kName) text.words(", ");
    compilation.write_whole(positions.at(word.value));
  }
  text.words(")");
  return {};
}

}  // namespace bridge::dolt
