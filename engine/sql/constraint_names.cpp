// Derives names by rule and shortens them by hash.
#include "engine/sql/constraint_names.h"

#include <algorithm>

#include "engine/sql/expression.h"

namespace bridge::sql {
namespace {

constexpr std::size_t kHashDigits = 8;

// FNV-1a, 32 bit: fixed for ever, unlike the hashes of shapes.
std::string to_digest(std::string_view text) {
  constexpr std::uint32_t kSeed = 0x811C9DC5;
  constexpr std::uint32_t kPrime = 0x01000193;
  constexpr std::uint32_t kLowNibble = 0xF;
  constexpr unsigned kNibble = 4;
  std::uint32_t hash = kSeed;
  for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * kPrime;
  std::string digits(kHashDigits, '0');
  for (std::size_t index = kHashDigits; index > 0; --index, hash >>= kNibble)
    digits[index - 1] = "0123456789abcdef"[hash & kLowNibble];
  return digits;
}

void collect_columns(const Expression& expression, std::vector<std::size_t>& columns) {
  if (const auto* const reference = expression.as<ColumnReference>()) {
    if (std::find(columns.begin(), columns.end(), reference->column) == columns.end())
      columns.push_back(reference->column);
  }
  for (const ExpressionPtr& child : expression.children()) collect_columns(*child, columns);
}

}  // namespace

Result<Identifier> make_constraint_name(const Table& table, const std::vector<std::size_t>& columns,
                                        std::string_view suffix, std::size_t max_bytes) {
  std::string stem = table.name.text();
  for (const std::size_t column : columns) stem.append("_").append(table.columns[column].name.text());
  const std::string ending = "_" + std::string(suffix);
  if (stem.size() + ending.size() <= max_bytes) return Identifier::make(stem + ending);
  const std::string digest = "_" + to_digest(stem);
  return Identifier::make(stem.substr(0, max_bytes - digest.size() - ending.size()) + digest + ending);
}

std::vector<std::size_t> find_columns(const std::vector<ExpressionPtr>& expressions) {
  std::vector<std::size_t> columns;
  for (const ExpressionPtr& expression : expressions) collect_columns(*expression, columns);
  return columns;
}

Result<Identifier> to_index_name(const Table& table, std::size_t index, std::size_t max_bytes) {
  const Index& named = table.indexes[index];
  if (named.name) return *named.name;
  return make_constraint_name(table, find_columns(named.keys), kIndexSuffix, max_bytes);
}

Result<Identifier> to_text_index_name(const Table& table, std::size_t index, std::size_t max_bytes) {
  const TextIndex& named = table.text_indexes[index];
  if (named.name) return *named.name;
  return make_constraint_name(table, named.columns, kTextIndexSuffix, max_bytes);
}

}  // namespace bridge::sql
