// Makes calls of text search, and finds the index that serves one.
#include "engine/sql/text_search.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/sql/expression_factory.h"
#include "engine/sql/operand_types.h"

namespace bridge::sql {
namespace {

using types::ColumnType;
using types::StorageType;

struct SearchFunction {
  std::string_view name;
  StorageType result;
  std::size_t texts_at_least;
  std::size_t texts_at_most;     ///< zero: any number
  std::size_t number_count = 0;  ///< whole numbers behind the texts
};
// A highlight takes one text and two marks, a snippet a number of words as well.
constexpr std::array kFunctions = {SearchFunction{kTextHighlight, StorageType::kText, 3, 3},
                                   SearchFunction{kTextMatches, StorageType::kBool, 1, 0},
                                   SearchFunction{kTextRank, StorageType::kFloat64, 1, 0},
                                   SearchFunction{kTextSnippet, StorageType::kText, 3, 3, 1}};

const SearchFunction* find_search(std::string_view name) {
  const auto* const found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                         [&](const SearchFunction& known) { return known.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

Status check_types(const SearchFunction& function, const std::vector<ExpressionPtr>& arguments) {
  BRIDGE_RETURN_IF_ERROR(check_operands(arguments));
  const std::size_t least = kFirstSearchedText + function.texts_at_least + function.number_count;
  const std::size_t most = kFirstSearchedText + function.texts_at_most + function.number_count;
  if (arguments.size() < least || (function.texts_at_most > 0 && arguments.size() > most))
    return make_error(ErrorCode::kQuery,
                      "a search needs the texts to look in: columns and other expressions of text");
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    const bool is_number = index + function.number_count >= arguments.size();
    const StorageType storage = arguments[index]->type().storage;
    if (is_number ? is_integer(storage) : storage == StorageType::kText) continue;
    return make_error(ErrorCode::kQuery,
                      "a search looks in text, not in " + describe(arguments[index]->type()));
  }
  return {};
}

bool is_one_text(const Expression& search) {
  return find_search(search.as<FunctionCall>()->name)->texts_at_most > 0;
}

// The columns a search looks in, all of one plain table; none where one of the texts is anything else.
std::optional<std::vector<std::size_t>> to_columns(const Expression& search, SourcePtr& source) {
  std::vector<std::size_t> columns;
  for (std::size_t index = 0; index < searched_text_count(search); ++index) {
    const auto* const column = search.children()[kFirstSearchedText + index]->as<ColumnReference>();
    if (column == nullptr || column->source->derived) return std::nullopt;
    if (source && source != column->source) return std::nullopt;
    source = column->source;
    columns.push_back(column->column);
  }
  return columns;
}

}  // namespace

bool is_text_search(std::string_view function) { return find_search(function) != nullptr; }

bool is_search_language(std::string_view language) {
  return !language.empty() && language.size() <= kIdentifierMaxLength && language.front() != '_' &&
         std::all_of(language.begin(), language.end(), [](char character) {
           return (character >= 'a' && character <= 'z') || character == '_';
         });
}

std::size_t searched_text_count(const Expression& search) {
  return is_one_text(search) ? 1 : search.children().size() - kFirstSearchedText;
}

ExpressionResult make_text_search(std::string_view function, std::string_view language,
                                  std::vector<ExpressionPtr> arguments) {
  const SearchFunction* const search = find_search(function);
  if (search == nullptr) return make_error(ErrorCode::kQuery, "there is no such text search");
  if (!is_search_language(language))
    return make_error(ErrorCode::kQuery, "the language of a search is a lower-case word, as in text_index");
  BRIDGE_RETURN_IF_ERROR(check_types(*search, arguments));
  ColumnType result{.storage = search->result};
  // A text that is NULL stays so, and has none of the words.
  if (search->result == StorageType::kText)
    result.is_nullable = arguments[kFirstSearchedText]->type().is_nullable;
  FunctionCall call{.name = std::string(function), .language = std::string(language)};
  return ExpressionFactory::make(std::move(call), result, std::move(arguments));
}

std::optional<FoundTextIndex> find_text_index(const Expression& search) {
  SourcePtr source;
  const auto columns = to_columns(search, source);
  if (!columns) return std::nullopt;
  const std::vector<TextIndex>& indexes = source->table->text_indexes;
  for (std::size_t index = 0; index < indexes.size(); ++index) {
    const std::vector<std::size_t>& indexed = indexes[index].columns;
    if (indexes[index].language != search.as<FunctionCall>()->language) continue;
    if (!is_one_text(search) && indexed.size() != columns->size()) continue;
    std::vector<std::size_t> places;
    for (const std::size_t column : *columns) {
      const auto found = std::find(indexed.begin(), indexed.end(), column);
      if (found != indexed.end()) places.push_back(static_cast<std::size_t>(found - indexed.begin()));
    }
    if (places.size() == columns->size()) return FoundTextIndex{source, index, std::move(places)};
  }
  return std::nullopt;
}

}  // namespace bridge::sql
