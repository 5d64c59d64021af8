// States of data that a database keeps: which one a query reads, which ones it compares, and what makes new
// ones.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"

namespace bridge::sql {

class Expression;

/// The name of a state of versioned data: a branch, tag or commit, with steps back behind it (`main~1`,
/// `HEAD^2`). Checked when made, so that it can be written into a statement: letters, digits and `_ . - /`,
/// beginning with a letter, digit or `_`, then `~` and `^` with numbers.
class Revision {
 public:
  /// kQuery, naming what is wrong, for anything else.
  static Result<Revision> make(std::string_view text);
  /// The same without steps: what a branch or tag may be called.
  static Result<Revision> make_name(std::string_view text);

  const std::string& text() const { return text_; }
  bool operator==(const Revision&) const = default;

 private:
  explicit Revision(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The state of the data that a query reads.
struct PointInTime {
  enum class Kind : std::uint8_t {
    kRevision,   ///< `revision`
    kMoment,     ///< as it was at `moment`
    kFollowers,  ///< a little while ago, as far back as every replica can answer by itself
  };
  Kind kind = Kind::kRevision;
  std::optional<Revision> revision{};
  std::int64_t moment = 0;  ///< microseconds since 1970-01-01 in UTC
  bool operator==(const PointInTime&) const = default;
};

/// What is known of versions, as a table to select from.
enum class VersionTable : std::uint8_t {
  kLog,             ///< commits that lead to a revision: commit_hash, committer, email, date, message
  kDifferences,     ///< rows of one table that differ: to_ and from_ before its columns, then diff_type
  kBranches,        ///< name, hash, latest_commit_message, latest_commit_date
  kTags,            ///< tag_name, tag_hash, message
  kConflicts,       ///< rows of one table that two branches changed: base_, our_, their_ before its columns
  kConflictCounts,  ///< table, num_data_conflicts, num_schema_conflicts
};

/// One such table. Whatever it is about is said here and stands in the text: no parameter is bound.
struct VersionSource {
  VersionTable table = VersionTable::kLog;
  std::vector<Revision> revisions{};  ///< of kLog none or one; of what compares, two
  std::optional<Identifier> rows_of{};
  bool operator==(const VersionSource&) const = default;
};

/// What is done to the states themselves.
enum class VersionAction : std::uint8_t { kCommit, kStage, kMerge, kReset, kBranch, kTag };

/// What an action is told. Those with a value have a Parameter of text.
enum class VersionWord : std::uint8_t {
  kName,       ///< with a value: a branch, tag, table or revision, by its place
  kMessage,    ///< with a value
  kAuthor,     ///< with a value: `name <address>`
  kAll,        ///< of kCommit and kStage: all tables, new ones included
  kEmpty,      ///< of kCommit: even if nothing changed
  kNoForward,  ///< of kMerge: a commit even where the branch could just move on
  kSquash,     ///< of kMerge: without the other branch as a parent
  kHard,       ///< of kReset: uncommitted changes go
  kDelete,     ///< of kBranch and kTag
  kForce,      ///< of kBranch: deletes what was never merged
};

/// Makes or removes a state. `words` are told in this order.
struct VersionChange {
  struct Word {
    VersionWord word;
    std::shared_ptr<const Expression> value{};
  };
  VersionAction action = VersionAction::kCommit;
  std::vector<Word> words{};
};

}  // namespace bridge::sql
