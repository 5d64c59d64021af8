// States of versioned data: which one a query reads, what is known of them, and what makes new ones.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/selections.h"
#include "engine/sql/derived.h"
#include "engine/sql/versions.h"

namespace bridge::python {
namespace {

using sql::PointInTime;
using sql::Revision;
using sql::VersionAction;
using sql::VersionTable;
using sql::VersionWord;

constexpr NamedEnumerator<VersionTable> kTables[] = {{"log", VersionTable::kLog},
                                                     {"differences", VersionTable::kDifferences},
                                                     {"branches", VersionTable::kBranches},
                                                     {"tags", VersionTable::kTags},
                                                     {"conflicts", VersionTable::kConflicts},
                                                     {"conflict_counts", VersionTable::kConflictCounts}};
constexpr NamedEnumerator<VersionAction> kActions[] = {
    {"commit", VersionAction::kCommit}, {"stage", VersionAction::kStage},   {"merge", VersionAction::kMerge},
    {"reset", VersionAction::kReset},   {"branch", VersionAction::kBranch}, {"tag", VersionAction::kTag}};
constexpr NamedEnumerator<VersionWord> kWords[] = {
    {"name", VersionWord::kName},     {"message", VersionWord::kMessage},
    {"author", VersionWord::kAuthor}, {"all", VersionWord::kAll},
    {"empty", VersionWord::kEmpty},   {"squash", VersionWord::kSquash},
    {"hard", VersionWord::kHard},     {"no_forward", VersionWord::kNoForward},
    {"force", VersionWord::kForce},   {"delete", VersionWord::kDelete}};

constexpr types::ColumnType kText{.storage = types::StorageType::kText};

Result<Statement> with_point(const Statement& base, PointInTime point) {
  BRIDGE_ASSIGN_OR_RETURN(const auto query, select_of(base));
  sql::Select copy = *query;
  copy.as_of = std::move(point);
  return Statement{sql::make_statement(std::move(copy))};
}

Result<Statement> as_of_revision(const Statement& query, const std::string& revision) {
  BRIDGE_ASSIGN_OR_RETURN(Revision checked, Revision::make(revision));
  return with_point(query, {.kind = PointInTime::Kind::kRevision, .revision = std::move(checked)});
}

Result<Statement> as_of_moment(const Statement& query, std::int64_t microseconds) {
  return with_point(query, {.kind = PointInTime::Kind::kMoment, .moment = microseconds});
}

Result<Statement> as_of_followers(const Statement& query) {
  return with_point(query, {.kind = PointInTime::Kind::kFollowers});
}

Status check_revision(const std::string& text) {
  if (auto made = Revision::make(text); !made) return std::move(made).error();
  return {};
}

Status check_version_name(const std::string& text) {
  if (auto made = Revision::make_name(text); !made) return std::move(made).error();
  return {};
}

Result<Source> version_source(const std::string& table,
                              const std::vector<std::pair<std::string, types::ColumnType>>& columns,
                              const std::vector<std::string>& revisions,
                              const std::optional<std::string>& rows_of) {
  sql::VersionSource versions;
  BRIDGE_ASSIGN_OR_RETURN(versions.table, find_enumerator(kTables, table, "table of versions"));
  for (const std::string& revision : revisions) {
    BRIDGE_ASSIGN_OR_RETURN(Revision checked, Revision::make(revision));
    versions.revisions.push_back(std::move(checked));
  }
  if (rows_of) {
    BRIDGE_ASSIGN_OR_RETURN(versions.rows_of, Identifier::make(*rows_of));
  }
  std::vector<sql::Column> described;
  for (const auto& [column, type] : columns) {
    BRIDGE_ASSIGN_OR_RETURN(Identifier name, Identifier::make(column));
    described.push_back({.name = std::move(name), .type = type});
  }
  BRIDGE_ASSIGN_OR_RETURN(const Identifier name, Identifier::make("versions"));
  return Source{sql::make_version_source(name, std::move(described), std::move(versions))};
}

Result<Statement> version_change(
    const std::string& action, const std::vector<std::pair<std::string, std::optional<std::string>>>& words) {
  sql::VersionChange change;
  BRIDGE_ASSIGN_OR_RETURN(change.action, find_enumerator(kActions, action, "change of versions"));
  for (const auto& [name, value] : words) {
    BRIDGE_ASSIGN_OR_RETURN(const VersionWord word, find_enumerator(kWords, name, "word for versions"));
    sql::ExpressionPtr parameter;
    if (value) {
      BRIDGE_ASSIGN_OR_RETURN(parameter, sql::make_parameter(types::Value::of_text(*value), kText));
    }
    change.words.push_back({word, std::move(parameter)});
  }
  return Statement{sql::make_statement(std::move(change))};
}

bool reads_past(const Source& source) { return sql::reads_past(*source.source); }

}  // namespace

void bind_versions(nb::module_& module) {
  auto source = nb::borrow<nb::class_<Source>>(module.attr("Source"));
  def_property_guarded(source, "reads_past", &reads_past);
  def_guarded(module, "as_of_revision", &as_of_revision, nb::arg("query"), nb::arg("revision"));
  def_guarded(module, "as_of_moment", &as_of_moment, nb::arg("query"), nb::arg("microseconds"));
  def_guarded(module, "as_of_followers", &as_of_followers, nb::arg("query"));
  def_guarded(module, "check_revision", &check_revision, nb::arg("text"));
  def_guarded(module, "check_version_name", &check_version_name, nb::arg("text"));
  def_guarded(module, "version_source", &version_source, nb::arg("table"), nb::arg("columns"),
              nb::arg("revisions"), nb::arg("rows_of").none());
  def_guarded(module, "version_change", &version_change, nb::arg("action"), nb::arg("words"));
}

}  // namespace bridge::python
