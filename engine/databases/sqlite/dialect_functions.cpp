// Calls about JSON and arrays as SQLite's table-valued functions tell them.
#include "engine/databases/sqlite/dialect_functions.h"

#include <algorithm>
#include <array>

#include "engine/databases/sqlite/dialect_moments.h"
#include "engine/databases/sqlite/dialect_text_search.h"
#include "engine/sql/compilation.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/text_search.h"

namespace bridge::sqlite {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using types::StorageType;
using Words = sql::SqlWriter::Words;

Status write_around(Compilation& compilation, Words opening, Operand operand, Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(closing);
  return {};
}

Error unsupported(const Dialect& dialect, std::string_view what) {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(dialect.name()) + " has no " + std::string(what));
}

// One member of an object or array as JSON text, whatever characters its name holds.
Status write_json_step(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(
      compilation,
      "(SELECT CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'true' THEN 'true' "
      "WHEN 'false' THEN 'false' WHEN 'null' THEN 'null' ELSE CAST(member.value AS TEXT) END FROM json_each(",
      Compilation::child(call, 0), ") AS member WHERE member.key = "));
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 1), sql::Rank::kArithmetic));
  compilation.text().words(")");
  return {};
}

Status write_json_text(const Dialect&, Compilation& compilation, Operand call) {
  const Operand json = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(
      write_around(compilation, "CASE json_type(", json,
                   ") WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract("));
  return write_around(compilation, "", json, ", '$') AS TEXT) END");
}

// The steps between the first argument and `end` as one path; no name in it holds a quote.
Status write_path(Compilation& compilation, Operand call, std::size_t end) {
  compilation.text().words("'$'");
  for (std::size_t index = 1; index < end; ++index) {
    const Operand step = Compilation::child(call, index);
    const bool is_place = sql::is_integer(step.node->type().storage);
    BRIDGE_RETURN_IF_ERROR(write_around(compilation, is_place ? Words(" || '[' || ") : Words(" || '.\"' || "),
                                        step, is_place ? Words(" || ']'") : Words(" || '\"'")));
  }
  return {};
}

Status write_json_set(const Dialect&, Compilation& compilation, Operand call) {
  const std::size_t value = call.node->children().size() - 1;
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "json_set(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(compilation, call, value));
  return write_around(compilation, ", json(", Compilation::child(call, value), "))");
}

Status write_json_remove(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "json_remove(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(compilation, call, call.node->children().size()));
  compilation.text().words(")");
  return {};
}

// Whether JSON holds such values as they are bound.
bool is_kept_plainly(StorageType storage) {
  return storage == StorageType::kText || storage == StorageType::kBool || storage == StorageType::kFloat64 ||
         sql::is_integer(storage);
}

Status check_elements(const Dialect& dialect, const types::ColumnType& array) {
  if (is_kept_plainly(array.element)) return {};
  return unsupported(dialect, "search in arrays of " + std::string(types::to_name(array.element)) +
                                  "; keep such values in a table of their own");
}

Status write_unless_null(Compilation& compilation, Operand array) {
  return write_around(compilation, "CASE WHEN ", array, " IS NULL THEN NULL ELSE ");
}

Status write_array_contains(const Dialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array.node->type()));
  BRIDGE_RETURN_IF_ERROR(write_unless_null(compilation, array));
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "EXISTS (SELECT 1 FROM json_each(", array,
                                      ") AS member WHERE member.value = "));
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 1), sql::Rank::kArithmetic));
  compilation.text().words(") END");
  return {};
}

Status write_array_contains_all(const Dialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array.node->type()));
  BRIDGE_RETURN_IF_ERROR(write_unless_null(compilation, array));
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "NOT EXISTS (SELECT 1 FROM json_each(",
                                      Compilation::child(call, 1),
                                      ") AS wanted WHERE NOT EXISTS (SELECT 1 FROM json_each("));
  return write_around(compilation, "", array, ") AS member WHERE member.value = wanted.value)) END");
}

Status write_array_overlaps(const Dialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array.node->type()));
  BRIDGE_RETURN_IF_ERROR(write_unless_null(compilation, array));
  BRIDGE_RETURN_IF_ERROR(
      write_around(compilation, "EXISTS (SELECT 1 FROM json_each(", array, ") AS one JOIN json_each("));
  return write_around(compilation, "", Compilation::child(call, 1),
                      ") AS other ON one.value = other.value) END");
}

Status write_array_length(const Dialect&, Compilation& compilation, Operand call) {
  return write_around(compilation, "json_array_length(", Compilation::child(call, 0), ")");
}

Status write_array_element(const Dialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array.node->type()));
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "json_extract(", array, ", '$[' || "));
  return write_around(compilation, "", Compilation::child(call, 1), " || ']')");
}

// A value as a member of JSON.
Status write_as_member(const Dialect& dialect, Compilation& compilation, Operand value) {
  const StorageType storage = value.node->type().storage;
  if (storage == StorageType::kJson) return write_around(compilation, "json(", value, ")");
  if (storage == StorageType::kBool)
    return write_around(compilation, "json(CASE ", value,
                        " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)");
  if (is_kept_plainly(storage)) return compilation.write(value);
  return unsupported(dialect, std::string(types::to_name(storage)) + " in JSON aggregates; cast it to text");
}

Status write_member_list(const Dialect& dialect, Compilation& compilation, Operand call) {
  const auto& node = *call.node->as<sql::FunctionCall>();
  compilation.text().words(node.is_distinct ? Words("json_group_array(DISTINCT ")
                                            : Words("json_group_array("));
  BRIDGE_RETURN_IF_ERROR(write_as_member(dialect, compilation, Compilation::child(call, 0)));
  return dialect.write_call_end(compilation, call);
}

Status write_member_map(const Dialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "json_group_object(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_as_member(dialect, compilation, Compilation::child(call, 1)));
  return dialect.write_call_end(compilation, call);
}

Status write_random_uuid(const Dialect&, Compilation& compilation, Operand) {
  compilation.text().words("bridge_random_uuid()");
  return {};
}

Status refuse_grouping(const Dialect& dialect, Compilation&, Operand) {
  return unsupported(dialect,
                     "grouping(), as it has no grouping sets; combine grouped queries with union_all, each "
                     "selecting which one it is");
}
Status refuse_json_contains(const Dialect& dialect, Compilation&, Operand) {
  return unsupported(dialect, "containment in JSON; compare members by their path");
}
Status refuse_patterns(const Dialect& dialect, Compilation&, Operand) {
  return unsupported(dialect, "regular expressions; use like, ilike, startswith or contains");
}

struct KnownWriter {
  std::string_view name;
  FunctionWriter write;
};
constexpr std::array kWriters = {
    KnownWriter{"array_agg", write_member_list},
    KnownWriter{"array_contains", write_array_contains},
    KnownWriter{"array_contains_all", write_array_contains_all},
    KnownWriter{"array_element", write_array_element},
    KnownWriter{"array_length", write_array_length},
    KnownWriter{"array_overlaps", write_array_overlaps},
    KnownWriter{"grouping", refuse_grouping},
    KnownWriter{"json_agg", write_member_list},
    KnownWriter{"json_contains", refuse_json_contains},
    KnownWriter{"json_element", write_json_step},
    KnownWriter{"json_member", write_json_step},
    KnownWriter{"json_object_agg", write_member_map},
    KnownWriter{"json_remove", write_json_remove},
    KnownWriter{"json_set", write_json_set},
    KnownWriter{"json_text", write_json_text},
    KnownWriter{"random_uuid", write_random_uuid},
    KnownWriter{"regexp_matches_any_case", refuse_patterns},
    KnownWriter{"regexp_matches_text", refuse_patterns},
    KnownWriter{sql::kTextHighlight, write_text_highlight},
    KnownWriter{sql::kTextMatches, write_text_matches},
    KnownWriter{sql::kTextRank, write_text_rank},
    KnownWriter{sql::kTextSnippet, write_text_snippet},
};

}  // namespace

FunctionWriter find_function_writer(std::string_view portable_name) {
  const auto* const found = std::find_if(kWriters.begin(), kWriters.end(), [&](const KnownWriter& known) {
    return known.name == portable_name;
  });
  return found == kWriters.end() ? find_moment_writer(portable_name) : found->write;
}

}  // namespace bridge::sqlite
