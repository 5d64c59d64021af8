// Names of constraints and indexes nobody named.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/table.h"

namespace bridge::sql {

inline constexpr std::string_view kPrimaryKeySuffix = "pkey";
inline constexpr std::string_view kUniqueSuffix = "key";
inline constexpr std::string_view kForeignKeySuffix = "fkey";
inline constexpr std::string_view kCheckSuffix = "check";
inline constexpr std::string_view kIndexSuffix = "idx";
inline constexpr std::string_view kTextIndexSuffix = "words";

/// `<table>_<columns>_<suffix>`; where that is longer than `max_bytes`, its beginning, eight hexadecimal
/// digits of its hash, and the suffix. The same on every platform and in every version: migrations rely on
/// it.
Result<Identifier> make_constraint_name(const Table& table, const std::vector<std::size_t>& columns,
                                        std::string_view suffix, std::size_t max_bytes);

/// Columns an index key or check speaks of, in order of appearance, each once.
std::vector<std::size_t> find_columns(const std::vector<ExpressionPtr>& expressions);

/// The name of an index: its own, or the rule's.
Result<Identifier> to_index_name(const Table& table, std::size_t index, std::size_t max_bytes);

/// The name of a text index: its own, or the rule's.
Result<Identifier> to_text_index_name(const Table& table, std::size_t index, std::size_t max_bytes);

}  // namespace bridge::sql
