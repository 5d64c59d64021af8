// Samples of states of data: queries that read them, what is known of them, what makes them.
#include "engine/sql/derived.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;

PointInTime revision(std::string_view text) {
  return {.kind = PointInTime::Kind::kRevision, .revision = must(Revision::make(text))};
}
// 2024-02-29 12:00:00.000001 in UTC
PointInTime moment() { return {.kind = PointInTime::Kind::kMoment, .moment = 1'709'208'000'000'001}; }

Select authors() {
  const SourcePtr author = source(library().authors);
  Select select;
  select.selections = {{nullptr, column(author, "name")}};
  select.from = {author};
  return select;
}

StatementPtr in_state(Select select, PointInTime point) {
  select.as_of = std::move(point);
  return make_statement(std::move(select));
}

Select joined() {
  const SourcePtr author = source(library().authors);
  const SourcePtr book = alias(library().books);
  Select books;
  books.selections = {{nullptr, column(book, "author_id")}};
  books.from = {book};
  const SourcePtr other = alias(library().authors);
  Select select = authors();
  select.from = {author};
  select.selections = {{nullptr, column(author, "name")}};
  select.joins = {{JoinKind::kInner, other, equal(column(author, "id"), column(other, "id"))}};
  select.where = {must(make_in_subquery(column(author, "id"), query(books), false))};
  return select;
}

void add_queries(std::vector<StatementSample>& samples) {
  samples.push_back({"as of a revision", in_state(authors(), revision("main~1"))});
  samples.push_back({"as of a moment", in_state(authors(), moment())});
  samples.push_back(
      {"as of what all replicas have", in_state(authors(), {.kind = PointInTime::Kind::kFollowers})});
  samples.push_back({"as of, with joins and subqueries", in_state(joined(), moment())});
  const SourcePtr before =
      must(make_subquery_source(name("before"), in_state(authors(), moment()), DerivedKind::kSubquery));
  Select outer;
  outer.selections = {{nullptr, must(make_column(before, 0))}};
  outer.from = {before};
  samples.push_back({"as of in a subquery alone", make_statement(outer)});
}

StatementSample sample_of(std::string title, VersionSource versions) {
  const std::vector<Column> columns = {{.name = name("to_id"), .type = {.storage = StorageType::kInt64}}};
  const SourcePtr known = make_version_source(name("versions"), columns, std::move(versions));
  Select select;
  select.selections = {{nullptr, must(make_column(known, 0))}};
  select.from = {known};
  return {std::move(title), make_statement(select)};
}

void add_history(std::vector<StatementSample>& samples) {
  const Revision ours = must(Revision::make("main"));
  const Revision theirs = must(Revision::make("feature/x"));
  samples.push_back(sample_of("log", {.table = VersionTable::kLog, .revisions = {ours}}));
  samples.push_back(sample_of("differences", {VersionTable::kDifferences, {ours, theirs}, name("books")}));
  samples.push_back(sample_of("branches", {.table = VersionTable::kBranches}));
  samples.push_back(sample_of("conflicts", {VersionTable::kConflicts, {ours, theirs}, name("books")}));
}

void add_changes(std::vector<StatementSample>& samples) {
  const auto add = [&](std::string title, VersionAction action, std::vector<VersionChange::Word> words) {
    samples.push_back({std::move(title), make_statement(VersionChange{action, std::move(words)})});
  };
  add("keep a version", VersionAction::kCommit,
      {{VersionWord::kMessage, text("why")}, {VersionWord::kAuthor, text("Ann <a@b>")}, {VersionWord::kAll}});
  add("merge", VersionAction::kMerge, {{VersionWord::kNoForward}, {VersionWord::kName, text("feature/x")}});
  add("delete a branch", VersionAction::kBranch,
      {{VersionWord::kForce}, {VersionWord::kDelete}, {VersionWord::kName, text("feature/x")}});
  add("reset", VersionAction::kReset, {{VersionWord::kHard}});
  add("stage", VersionAction::kStage, {{VersionWord::kAll}});
  add("tag", VersionAction::kTag, {{VersionWord::kName, text("v1")}});
}

}  // namespace

std::vector<StatementSample> make_version_samples() {
  std::vector<StatementSample> samples;
  add_queries(samples);
  add_history(samples);
  add_changes(samples);
  return samples;
}

}  // namespace bridge::sql::testing
