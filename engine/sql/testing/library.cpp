// The tables of a library.
#include "engine/sql/testing/library.h"

#include "engine/sql/expression.h"
#include "engine/sql/testing/builders.h"

namespace bridge::sql::testing {
namespace {

using types::ColumnType;
using types::StorageType;
using types::Value;

constexpr std::uint32_t kTitleLength = 200;

Column plain(std::string_view label, ColumnType type) {
  return {.name = name(label), .type = type, .labels = {}};
}

Column key(std::string_view label, StorageType storage) {
  return {.name = name(label), .type = of(storage), .is_primary_key = true, .labels = {}};
}

Column numbered(std::string_view label) {
  Column column = key(label, StorageType::kInt64);
  column.generation = Generation::kIdentity;
  return column;
}

Column defaulted(std::string_view label, ColumnType type, ExpressionPtr value) {
  Column column = plain(label, type);
  column.generation = Generation::kExpression;
  column.default_expression = std::move(value);
  return column;
}

ForeignKey foreign_key(std::vector<std::size_t> columns, std::string_view target,
                       std::vector<Identifier> target_columns) {
  return {.name = {},
          .columns = std::move(columns),
          .target_schema = {},
          .target_table = name(target),
          .target_columns = std::move(target_columns)};
}

TablePtr make_authors() {
  Table table{.name = name("authors")};
  Column genre = plain("genre", nullable(of(StorageType::kText)));
  genre.labels = {"novel", "it's verse"};
  table.columns = {numbered("id"), plain("name", {.storage = StorageType::kText, .max_length = kTitleLength}),
                   plain("email", nullable(of(StorageType::kText))),
                   defaulted("created_at", of(StorageType::kTimestampUtc), call("now", {})), genre};
  table.unique_constraints = {{.name = {}, .columns = {2}}};
  table.indexes = {{.name = {}, .keys = {column(source(std::make_shared<const Table>(table)), "name")}}};
  return must(make_table(std::move(table)));
}

TablePtr make_books() {
  Table table{.name = name("books")};
  const ColumnType price{.storage = StorageType::kDecimal, .precision = 12, .scale = 2};
  table.columns = {
      key("id", StorageType::kUuid),
      plain("author_id", of(StorageType::kInt64)),
      plain("title", {.storage = StorageType::kText, .max_length = kTitleLength}),
      defaulted("price", price, must(make_parameter(Value::of_text(StorageType::kDecimal, "0"), price))),
      plain("details", nullable(of(StorageType::kJson))),
      defaulted("pages", of(StorageType::kInt32),
                must(make_parameter(Value::of_integer(StorageType::kInt32, 1), of(StorageType::kInt32)))),
      plain("published", nullable(of(StorageType::kDate)))};
  ForeignKey author = foreign_key({1}, "authors", {name("id")});
  author.on_delete = ReferentialAction::kCascade;
  author.on_update = ReferentialAction::kRestrict;
  table.foreign_keys = {author};
  table.unique_constraints = {{.name = {}, .columns = {1, 2}}};
  const SourcePtr self = source(std::make_shared<const Table>(table));
  table.checks = {
      {.name = {}, .condition = binary(BinaryOperator::kGreaterOrEqual, column(self, "price"), decimal("0"))},
      {.name = name("title_is_told"),
       .condition = binary(BinaryOperator::kNotEqual, column(self, "title"), text("it's nothing"))}};
  table.indexes = {{.name = {}, .keys = {descending(column(self, "title")), column(self, "price")}},
                   {.name = name("books_by_lower_title"),
                    .keys = {call("lower", {column(self, "title")})},
                    .is_unique = true}};
  return must(make_table(std::move(table)));
}

TablePtr make_categories() {
  Table table{.name = name("categories")};
  table.columns = {numbered("id"), plain("parent_id", nullable(of(StorageType::kInt64))),
                   plain("label", of(StorageType::kText))};
  table.foreign_keys = {foreign_key({1}, "categories", {name("id")})};
  return must(make_table(std::move(table)));
}

TablePtr make_shelves() {
  Table table{.name = name("shelves")};
  table.columns = {key("code", StorageType::kText)};
#define BRIDGE_COLUMN(enumerator, label) \
  table.columns.push_back(plain("a_" label, nullable(of(StorageType::enumerator))));
  BRIDGE_STORAGE_TYPES(BRIDGE_COLUMN)
#undef BRIDGE_COLUMN
  return must(make_table(std::move(table)));
}

TablePtr make_loans() {
  Table table{.name = name("loans")};
  table.columns = {key("author_id", StorageType::kInt64), key("title", StorageType::kText),
                   plain("borrower", nullable(of(StorageType::kInt64)))};
  ForeignKey borrower = foreign_key({2}, "authors", {name("id")});
  borrower.on_delete = ReferentialAction::kSetNull;
  table.foreign_keys = {foreign_key({0, 1}, "books", {name("author_id"), name("title")}), borrower};
  return must(make_table(std::move(table)));
}

TablePtr make_notes() {
  Table table{.name = name("notes")};
  table.columns = {numbered("id"), plain("title", of(StorageType::kText)),
                   plain("body", nullable(of(StorageType::kText)))};
  table.text_indexes = {{.name = {}, .columns = {1, 2}, .language = "english"}};
  return must(make_table(std::move(table)));
}

}  // namespace

const Library& library() {
  static const Library tables{make_authors(), make_books(), make_categories(),
                              make_shelves(), make_loans(), make_notes()};
  return tables;
}

}  // namespace bridge::sql::testing
