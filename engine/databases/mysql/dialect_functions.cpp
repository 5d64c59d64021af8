// JSON, arrays, patterns and aggregates of MySQL. Arrays are JSON documents here; a key or place of a path is
// bound like any other value.
#include "engine/databases/mysql/dialect_functions.h"

#include <algorithm>
#include <array>

#include "engine/databases/mysql/dialect_moments.h"
#include "engine/databases/mysql/dialect_pieces.h"
#include "engine/sql/operand_types.h"

namespace bridge::mysql {
namespace {

using sql::Compilation;
using sql::Operand;
using types::StorageType;
using Words = sql::SqlWriter::Words;

Error unsupported(const MysqlDialect& dialect, std::string_view what) {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(dialect.name()) + " has no " + std::string(what));
}

Status write_step(const MysqlDialect& dialect, Compilation& compilation, Operand step) {
  const bool is_place = sql::is_integer(step.node->type().storage);
  if (is_place) return write_wrapped(compilation, "'[', ", step, ", ']'");
  compilation.text().words("'.', ");
  return dialect.write_path_key(compilation, step);
}

// The steps between the first argument and `end` as one path.
Status write_path(const MysqlDialect& dialect, Compilation& compilation, Operand call, std::size_t end) {
  compilation.text().words("CONCAT('$'");
  for (std::size_t index = 1; index < end; ++index) {
    compilation.text().words(", ");
    BRIDGE_RETURN_IF_ERROR(write_step(dialect, compilation, Compilation::child(call, index)));
  }
  compilation.text().words(")");
  return {};
}

Status write_json_member(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "JSON_EXTRACT(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(dialect, compilation, call, call.node->children().size()));
  compilation.text().words(")");
  return {};
}

// Anything but an array would count as an array of one.
Status write_json_element(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "CASE JSON_TYPE(", Compilation::child(call, 0), ") WHEN 'ARRAY' THEN "));
  BRIDGE_RETURN_IF_ERROR(write_json_member(dialect, compilation, call));
  compilation.text().words(" END");
  return {};
}

// What a document holds as text; its null is no text.
Status write_json_text(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Operand document = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "CASE WHEN JSON_TYPE(", document, ") <> 'NULL' THEN JSON_UNQUOTE("));
  return write_wrapped(compilation, "", document, ") END");
}

Status write_json_set(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  const std::size_t value = call.node->children().size() - 1;
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "JSON_SET(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(dialect, compilation, call, value));
  compilation.text().words(", ");
  BRIDGE_RETURN_IF_ERROR(dialect.write_document(compilation, Compilation::child(call, value)));
  compilation.text().words(")");
  return {};
}

Status write_json_remove(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "JSON_REMOVE(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(dialect, compilation, call, call.node->children().size()));
  compilation.text().words(")");
  return {};
}

Status write_contains(const MysqlDialect&, Compilation& compilation, Operand call) {
  return write_pair(compilation, "JSON_CONTAINS(", Compilation::child(call, 0), ", ",
                    Compilation::child(call, 1));
}

// Whether JSON holds such values as they are bound.
bool is_kept_plainly(StorageType storage) {
  return storage == StorageType::kText || storage == StorageType::kBool || storage == StorageType::kFloat64 ||
         sql::is_integer(storage);
}

Status check_elements(const MysqlDialect& dialect, Operand array) {
  const StorageType element = array.node->type().element;
  if (is_kept_plainly(element)) return {};
  return unsupported(dialect, "search in arrays of " + std::string(types::to_name(element)) +
                                  "; keep such values in a table of their own");
}

Status write_truth_member(const MysqlDialect& dialect, Compilation& compilation, Operand value) {
  compilation.text().words(dialect.around_document().opening);
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "CASE ", value, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"));
  compilation.text().words(dialect.around_document().closing);
  return {};
}

}  // namespace

// A value as a member of JSON; truth values are numbers outside of it.
Status write_as_member(const MysqlDialect& dialect, Compilation& compilation, Operand value) {
  const StorageType storage = value.node->type().storage;
  if (storage == StorageType::kJson) return dialect.write_document(compilation, value);
  if (storage == StorageType::kBool) return write_truth_member(dialect, compilation, value);
  if (is_kept_plainly(storage)) return compilation.write(value);
  return unsupported(dialect, std::string(types::to_name(storage)) + " in JSON aggregates; cast it to text");
}

namespace {

Status write_array_contains(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "JSON_CONTAINS(", array, ", JSON_ARRAY("));
  BRIDGE_RETURN_IF_ERROR(write_as_member(dialect, compilation, Compilation::child(call, 1)));
  compilation.text().words("))");
  return {};
}

Status write_array_contains_all(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, Compilation::child(call, 0)));
  return write_contains(dialect, compilation, call);
}

Status write_array_overlaps(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, Compilation::child(call, 0)));
  return write_pair(compilation, "JSON_OVERLAPS(", Compilation::child(call, 0), ", ",
                    Compilation::child(call, 1));
}

Status write_array_length(const MysqlDialect&, Compilation& compilation, Operand call) {
  return write_wrapped(compilation, "JSON_LENGTH(", Compilation::child(call, 0), ")");
}

Words to_element_words(StorageType element) {
  if (element == StorageType::kText) return ")) END";
  return element == StorageType::kFloat64 ? Words(") AS DOUBLE) END") : Words(") AS SIGNED) END");
}

Status write_array_element(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(check_elements(dialect, array));
  const StorageType element = array.node->type().element;
  compilation.text().words("CASE WHEN JSON_TYPE(JSON_EXTRACT(");
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", array, ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(dialect, compilation, call, call.node->children().size()));
  compilation.text().words(element == StorageType::kText
                               ? Words(")) <> 'NULL' THEN JSON_UNQUOTE(JSON_EXTRACT(")
                               : Words(")) <> 'NULL' THEN CAST(JSON_EXTRACT("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", array, ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(dialect, compilation, call, call.node->children().size()));
  compilation.text().words(to_element_words(element));
  return {};
}

// Version 4: its number stands in the 13th digit, the variant in the upper bits of the 17th.
Status write_random_uuid(const MysqlDialect&, Compilation& compilation, Operand) {
  compilation.text().words(
      "UNHEX(CONCAT(HEX(RANDOM_BYTES(6)), '4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), "
      "HEX(8 + (ORD(RANDOM_BYTES(1)) & 3)), SUBSTR(HEX(RANDOM_BYTES(8)), 2)))");
  return {};
}

Status write_member_list(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  if (call.node->as<sql::FunctionCall>()->is_distinct)
    return unsupported(dialect, "DISTINCT in JSON aggregates; aggregate a distinct subquery");
  compilation.text().words("JSON_ARRAYAGG(");
  BRIDGE_RETURN_IF_ERROR(write_as_member(dialect, compilation, Compilation::child(call, 0)));
  return dialect.write_call_end(compilation, call);
}

Status write_member_map(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "JSON_OBJECTAGG(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_as_member(dialect, compilation, Compilation::child(call, 1)));
  return dialect.write_call_end(compilation, call);
}

// A separator can only be a constant of the text: each value brings it along, and the first is taken off.
Status write_joined_text(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  const Operand separator = Compilation::child(call, 1);
  if (call.node->as<sql::FunctionCall>()->order_count > 0)
    return unsupported(dialect, "order inside aggregates; aggregate the rows of an ordered subquery");
  compilation.text().words(call.node->as<sql::FunctionCall>()->is_distinct
                               ? Words("SUBSTRING(GROUP_CONCAT(DISTINCT CONCAT(")
                               : Words("SUBSTRING(GROUP_CONCAT(CONCAT("));
  BRIDGE_RETURN_IF_ERROR(write_pair(compilation, "", separator, ", ", Compilation::child(call, 0)));
  compilation.text().words(" SEPARATOR ''");
  BRIDGE_RETURN_IF_ERROR(dialect.write_call_end(compilation, call));
  return write_wrapped(compilation, ", CHAR_LENGTH(", separator, ") + 1)");
}

Status write_pattern(Compilation& compilation, Operand call, Words closing) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "REGEXP_LIKE(", Compilation::child(call, 0), ", "));
  return write_wrapped(compilation, "", Compilation::child(call, 1), closing);
}
Status write_matches(const MysqlDialect&, Compilation& compilation, Operand call) {
  return write_pattern(compilation, call, ", 'c')");
}
Status write_matches_any_case(const MysqlDialect&, Compilation& compilation, Operand call) {
  return write_pattern(compilation, call, ", 'i')");
}

Status refuse_grouping(const MysqlDialect& dialect, Compilation&, Operand) {
  return unsupported(dialect,
                     "grouping() without grouping sets; select a constant from each of several queries "
                     "and combine them with union_all");
}
Status refuse_search(const MysqlDialect& dialect, Compilation&, Operand) {
  return unsupported(dialect,
                     "text search without an index for it; use ilike, or raw SQL over such an index");
}

struct OwnForm {
  std::string_view name;
  FunctionWriter write;
};
constexpr std::array kWriters = {
    OwnForm{"array_agg", write_member_list},
    OwnForm{"array_contains", write_array_contains},
    OwnForm{"array_contains_all", write_array_contains_all},
    OwnForm{"array_element", write_array_element},
    OwnForm{"array_length", write_array_length},
    OwnForm{"array_overlaps", write_array_overlaps},
    OwnForm{"grouping", refuse_grouping},
    OwnForm{"json_agg", write_member_list},
    OwnForm{"json_contains", write_contains},
    OwnForm{"json_element", write_json_element},
    OwnForm{"json_member", write_json_member},
    OwnForm{"json_object_agg", write_member_map},
    OwnForm{"json_remove", write_json_remove},
    OwnForm{"json_set", write_json_set},
    OwnForm{"json_text", write_json_text},
    OwnForm{"random_uuid", write_random_uuid},
    OwnForm{"regexp_matches_any_case", write_matches_any_case},
    OwnForm{"regexp_matches_text", write_matches},
    OwnForm{"string_agg", write_joined_text},
    OwnForm{"text_matches", refuse_search},
    OwnForm{"text_rank", refuse_search},
};

}  // namespace

FunctionWriter find_function_writer(std::string_view portable_name) {
  const auto* const found = std::find_if(kWriters.begin(), kWriters.end(),
                                         [&](const OwnForm& known) { return known.name == portable_name; });
  return found == kWriters.end() ? find_moment_writer(portable_name) : found->write;
}

}  // namespace bridge::mysql
