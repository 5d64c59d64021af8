// Patterns of PCRE, and documents that are text.
#include "engine/databases/mariadb/dialect_functions.h"

#include "engine/databases/mysql/dialect_pieces.h"
#include "engine/sql/compilation.h"

namespace bridge::mariadb {
namespace {

using mysql::MysqlDialect;
using mysql::write_pair;
using mysql::write_wrapped;
using sql::Compilation;
using sql::Operand;
using types::StorageType;

Status write_matches(const MysqlDialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_pair(compilation, "(", Compilation::child(call, 0), " REGEXP CONCAT('(?-i)', ",
                                    Compilation::child(call, 1)));
  compilation.text().words(")");
  return {};
}

// Of a member that is true, a cast to a number makes zero.
Status write_array_element(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  const Operand array = Compilation::child(call, 0);
  if (array.node->type().element != StorageType::kBool)
    return mysql::find_function_writer("array_element")(dialect, compilation, call);
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "CASE JSON_EXTRACT(", array, ", CONCAT('$[', "));
  return write_wrapped(compilation, "", Compilation::child(call, 1),
                       ", ']')) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END");
}

// The collations of keys and documents differ, which this aggregate does not settle by itself.
Status write_member_map(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  compilation.text().words("JSON_OBJECTAGG(");
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "(", Compilation::child(call, 0), ") COLLATE utf8mb4_bin, "));
  BRIDGE_RETURN_IF_ERROR(mysql::write_as_member(dialect, compilation, Compilation::child(call, 1)));
  return dialect.write_call_end(compilation, call);
}

Status write_matches_any_case(const MysqlDialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_pair(compilation, "(", Compilation::child(call, 0), " REGEXP CONCAT('(?i)', ",
                                    Compilation::child(call, 1)));
  compilation.text().words(")");
  return {};
}

}  // namespace

mysql::FunctionWriter find_own_writer(std::string_view portable_name) {
  if (portable_name == "array_element") return write_array_element;
  if (portable_name == "json_object_agg") return write_member_map;
  if (portable_name == "regexp_matches_any_case") return write_matches_any_case;
  return portable_name == "regexp_matches_text" ? write_matches : nullptr;
}

}  // namespace bridge::mariadb
