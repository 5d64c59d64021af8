// JSON, arrays and patterns in PostgreSQL's operators.
#include "engine/databases/postgres/dialect_functions.h"

#include <algorithm>
#include <array>

#include "engine/databases/postgres/dialect_moments.h"
#include "engine/databases/postgres/dialect_text_search.h"
#include "engine/sql/compilation.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/text_search.h"

namespace bridge::postgres {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using Words = sql::SqlWriter::Words;

Status write_around(Compilation& compilation, Words opening, Operand operand, Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand, sql::Rank::kAtom));
  compilation.text().words(closing);
  return {};
}

Status write_operator(Compilation& compilation, Operand call, Words between) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(", Compilation::child(call, 0), between));
  return write_around(compilation, "", Compilation::child(call, 1), ")");
}

template <sql::SqlWriter::Words (*kBetween)()>
Status write_as_operator(const Dialect&, Compilation& compilation, Operand call) {
  return write_operator(compilation, call, kBetween());
}
Words contains() { return " @> "; }
Words overlaps() { return " && "; }
Words matches() { return " ~ "; }
Words matches_any_case() { return " ~* "; }

// A member by name or place. jsonb takes the place as int4, and would take a plain value for a list of one.
Status write_json_step(const Dialect&, Compilation& compilation, Operand call) {
  const Operand whole = Compilation::child(call, 0);
  const Operand step = Compilation::child(call, 1);
  if (!sql::is_integer(step.node->type().storage)) {
    BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(", whole, " -> "));
    return write_around(compilation, "", step, ")");
  }
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(CASE WHEN jsonb_typeof(", whole, ") = 'array' THEN "));
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "", whole, " -> "));
  return write_around(compilation, "CAST(", step, " AS integer) END)");
}

Status write_json_text(const Dialect&, Compilation& compilation, Operand call) {
  return write_around(compilation, "(", Compilation::child(call, 0), " #>> '{}')");
}

// The steps between the first argument and `end` as one path.
Status write_path(Compilation& compilation, Operand call, std::size_t end) {
  compilation.text().words("ARRAY[");
  for (std::size_t index = 1; index < end; ++index) {
    BRIDGE_RETURN_IF_ERROR(write_around(compilation, index > 1 ? Words(", CAST(") : Words("CAST("),
                                        Compilation::child(call, index), " AS text)"));
  }
  compilation.text().words("]");
  return {};
}

Status write_json_set(const Dialect&, Compilation& compilation, Operand call) {
  const std::size_t value = call.node->children().size() - 1;
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "jsonb_set(", Compilation::child(call, 0), ", "));
  BRIDGE_RETURN_IF_ERROR(write_path(compilation, call, value));
  return write_around(compilation, ", ", Compilation::child(call, value), ")");
}

Status write_json_remove(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(", Compilation::child(call, 0), " #- "));
  BRIDGE_RETURN_IF_ERROR(write_path(compilation, call, call.node->children().size()));
  compilation.text().words(")");
  return {};
}

Status write_array_contains(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(", Compilation::child(call, 1), " = ANY("));
  return write_around(compilation, "", Compilation::child(call, 0), "))");
}

// Places are counted from 1 here.
Status write_array_element(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "(", Compilation::child(call, 0), ")[CAST("));
  return write_around(compilation, "", Compilation::child(call, 1), " AS integer) + 1]");
}

Status write_current_date(const Dialect&, Compilation& compilation, Operand) {
  compilation.text().words("CURRENT_DATE");
  return {};
}

struct KnownWriter {
  std::string_view name;
  FunctionWriter write;
};
constexpr std::array kWriters = {
    KnownWriter{"array_contains", write_array_contains},
    KnownWriter{"array_contains_all", write_as_operator<contains>},
    KnownWriter{"array_element", write_array_element},
    KnownWriter{"array_overlaps", write_as_operator<overlaps>},
    KnownWriter{"current_date", write_current_date},
    KnownWriter{"json_contains", write_as_operator<contains>},
    KnownWriter{"json_element", write_json_step},
    KnownWriter{"json_member", write_json_step},
    KnownWriter{"json_remove", write_json_remove},
    KnownWriter{"json_set", write_json_set},
    KnownWriter{"json_text", write_json_text},
    KnownWriter{"regexp_matches_any_case", write_as_operator<matches_any_case>},
    KnownWriter{"regexp_matches_text", write_as_operator<matches>},
    KnownWriter{sql::kTextHighlight, write_text_highlight},
    KnownWriter{sql::kTextMatches, write_text_matches},
    KnownWriter{sql::kTextRank, write_text_rank},
    KnownWriter{sql::kTextSnippet, write_text_snippet},
};

struct Renamed {
  std::string_view portable;
  std::string_view ours;
};
constexpr std::array<Renamed, 5> kRenamed = {{{"array_length", "cardinality"},
                                              {"instr", "strpos"},
                                              {"json_agg", "jsonb_agg"},
                                              {"json_object_agg", "jsonb_object_agg"},
                                              {"random_uuid", "gen_random_uuid"}}};

}  // namespace

FunctionWriter find_function_writer(std::string_view portable_name) {
  const auto* const found = std::find_if(kWriters.begin(), kWriters.end(), [&](const KnownWriter& known) {
    return known.name == portable_name;
  });
  return found == kWriters.end() ? find_moment_writer(portable_name) : found->write;
}

std::string_view to_postgres_name(std::string_view portable_name) {
  const auto* const found = std::find_if(kRenamed.begin(), kRenamed.end(), [&](const Renamed& known) {
    return known.portable == portable_name;
  });
  return found == kRenamed.end() ? portable_name : found->ours;
}

}  // namespace bridge::postgres
