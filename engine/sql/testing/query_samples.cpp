// Queries, among them every kind of expression.
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;
using types::Value;

/// The sources most samples speak of.
struct Sources {
  SourcePtr author = source(library().authors);
  SourcePtr book = source(library().books);
  SourcePtr shelf = source(library().shelves);
};

Select select_from(const SourcePtr& from, std::vector<Selection> selections = {}) {
  Select select;
  select.selections = selections.empty() ? std::vector<Selection>{{from, nullptr}} : std::move(selections);
  select.from = {from};
  return select;
}

Selection pick(ExpressionPtr expression) { return {nullptr, std::move(expression)}; }

class SampleList {
 public:
  void add(std::string name, Select select) {
    samples_.push_back({std::move(name), make_statement(std::move(select))});
  }
  /// A query for books with one condition.
  void where(std::string name, const SourcePtr& from, ExpressionPtr condition) {
    Select select = select_from(from, {pick(must(make_column(from, 0)))});
    select.where = {std::move(condition)};
    add(std::move(name), std::move(select));
  }
  /// A query for one value.
  void value(std::string name, const SourcePtr& from, ExpressionPtr expression) {
    add(std::move(name), select_from(from, {pick(std::move(expression))}));
  }
  std::vector<StatementSample> take() { return std::move(samples_); }

 private:
  std::vector<StatementSample> samples_;
};

void add_clauses(SampleList& samples, const Sources& sources) {
  samples.add("entity", select_from(sources.author));
  Select page = select_from(sources.book, {pick(column(sources.book, "title"))});
  page.where = {
      binary(BinaryOperator::kGreater, column(sources.book, "price"), decimal("5")),
      binary(BinaryOperator::kOr, binary(BinaryOperator::kLike, column(sources.book, "title"), text("%sql%")),
             unary(UnaryOperator::kIsNull, column(sources.book, "published")))};
  page.order_by = {descending(column(sources.book, "price")), column(sources.book, "title"),
                   ordering(column(sources.book, "published"), false, NullsOrder::kLast),
                   ordering(column(sources.book, "pages"), true, NullsOrder::kFirst)};
  page.limit = integer(20);
  page.offset = integer(40);
  samples.add("page", page);
  page.limit = nullptr;
  samples.add("offset alone", page);
  Select distinct =
      select_from(sources.book, {pick(column(sources.book, "price")),
                                 pick(label(call("lower", {column(sources.book, "title")}), "low"))});
  distinct.is_distinct = true;
  distinct.order_by = {descending(column(sources.book, "price"))};
  samples.add("distinct", distinct);
  Select distinct_on = select_from(sources.book);
  distinct_on.distinct_on = {column(sources.book, "author_id")};
  distinct_on.order_by = {column(sources.book, "author_id"), column(sources.book, "price")};
  samples.add("distinct on", distinct_on);
  Select two = select_from(sources.author, {{sources.author, nullptr}, {sources.book, nullptr}});
  two.from = {sources.author, sources.book};
  two.where = {equal(column(sources.author, "id"), column(sources.book, "author_id"))};
  samples.add("two sources", two);
}

void add_joins(SampleList& samples, const Sources& sources) {
  Select join = select_from(sources.book, {{sources.book, nullptr}, {sources.author, nullptr}});
  join.joins = {{JoinKind::kInner, sources.author,
                 equal(column(sources.book, "author_id"), column(sources.author, "id"))}};
  samples.add("join", join);
  join.joins[0].kind = JoinKind::kLeft;
  samples.add("left join", join);
  const SourcePtr child = source(library().categories);
  const SourcePtr parent = alias(library().categories);
  const SourcePtr grandparent = alias(library().categories);
  Select tree = select_from(child, {pick(column(child, "label")), pick(column(parent, "label")),
                                    pick(column(grandparent, "label"))});
  tree.joins = {
      {JoinKind::kInner, parent, equal(column(child, "parent_id"), column(parent, "id"))},
      {JoinKind::kLeft, grandparent, equal(column(parent, "parent_id"), column(grandparent, "id"))}};
  samples.add("self join", tree);
  Select grouped = select_from(sources.author, {pick(column(sources.author, "name")),
                                                pick(label(call("count", {must(make_star())}), "books")),
                                                pick(call("avg", {column(sources.book, "price")})),
                                                pick(call("avg", {column(sources.book, "pages")}))});
  grouped.joins = {{JoinKind::kLeft, sources.book,
                    equal(column(sources.author, "id"), column(sources.book, "author_id"))}};
  grouped.group_by = {column(sources.author, "name")};
  grouped.having = {binary(BinaryOperator::kGreater, call("count", {must(make_star())}), integer(3))};
  grouped.order_by = {descending(label(call("count", {must(make_star())}), "books"))};
  samples.add("grouped", grouped);
  Select by_key =
      select_from(sources.author, {{sources.author, nullptr}, pick(call("count", {must(make_star())}))});
  by_key.group_by = {column(sources.author, "id")};
  samples.add("grouped by key", by_key);
  Select by_price = select_from(
      sources.book, {pick(column(sources.book, "price")), pick(call("count", {must(make_star())}))});
  by_price.group_by = {column(sources.book, "price")};
  samples.add("grouped by decimal", by_price);
}

void add_locks(SampleList& samples, const Sources& sources) {
  Select locked = select_from(sources.book);
  locked.lock = {
      .strength = LockStrength::kUpdate, .skip_locked = true, .nowait = false, .of = {sources.book}};
  samples.add("for update of skip locked", locked);
  locked.lock = {.strength = LockStrength::kShare, .skip_locked = false, .nowait = true, .of = {}};
  samples.add("for share nowait", locked);
}

void add_operators(SampleList& samples, const Sources& sources) {
  const ExpressionPtr pages = column(sources.book, "pages");
  const ExpressionPtr price = column(sources.book, "price");
  const ExpressionPtr title = column(sources.book, "title");
  using enum BinaryOperator;
  for (const BinaryOperator operation : {kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual,
                                         kIsDistinctFrom, kIsNotDistinctFrom}) {
    samples.where("integers compared", sources.book, binary(operation, pages, integer(7)));
    samples.where("decimals compared", sources.book, binary(operation, price, decimal("7.50")));
  }
  samples.where("decimal compared with integer", sources.book, binary(kLess, pages, price));
  for (const BinaryOperator operation : {kAdd, kSubtract, kMultiply, kDivide, kModulo}) {
    samples.value("integers", sources.book, binary(operation, pages, integer(2)));
    samples.value("decimals", sources.book, binary(operation, price, binary(operation, price, pages)));
  }
  for (const BinaryOperator operation : {kLike, kNotLike, kIlike, kNotIlike})
    samples.where("pattern", sources.book, binary(operation, title, text("a\\%%")));
  samples.value("concatenation", sources.book, binary(kConcatenate, title, text("!")));
  const ExpressionPtr is_long = binary(kGreater, pages, integer(100));
  samples.where("nested logic", sources.book,
                binary(kAnd, unary(UnaryOperator::kNot, binary(kOr, is_long, binary(kAnd, is_long, is_long))),
                       is_long));
  samples.where("chain of or", sources.book, binary(kOr, binary(kOr, is_long, is_long), is_long));
  samples.value("negated integer", sources.book,
                unary(UnaryOperator::kNegate, binary(kAdd, pages, integer(1))));
  samples.value("negated decimal", sources.book, unary(UnaryOperator::kNegate, price));
  samples.where("null tests", sources.book,
                binary(kAnd, unary(UnaryOperator::kIsNull, column(sources.book, "details")),
                       unary(UnaryOperator::kIsNotNull, column(sources.book, "published"))));
}

void add_lists(SampleList& samples, const Sources& sources) {
  const ExpressionPtr author = column(sources.book, "author_id");
  samples.where("in empty list", sources.book, must(make_in_list(author, {}, false)));
  samples.where("not in empty list", sources.book, must(make_in_list(author, {}, true)));
  samples.where(
      "in three", sources.book,
      must(make_in_list(author, {Value::of_int64(1), Value::of_int64(2), Value::of_int64(3)}, false)));
  samples.where("not in one", sources.book, must(make_in_list(author, {Value::of_int64(1)}, true)));
  samples.where("decimal in list", sources.book,
                must(make_in_list(column(sources.book, "price"),
                                  {Value::of_text(StorageType::kDecimal, "1.5")}, false)));
  samples.where(
      "expression in list", sources.book,
      must(make_in_list(call("lower", {column(sources.book, "title")}), {Value::of_text("a")}, false)));
  samples.where("between", sources.book,
                must(make_between(column(sources.book, "price"), decimal("5"), decimal("20"), false)));
  samples.where("not between", sources.book,
                must(make_between(column(sources.book, "pages"), integer(5), integer(20), true)));
  samples.where("row values", sources.book,
                binary(BinaryOperator::kGreater,
                       must(make_row({column(sources.book, "price"), column(sources.book, "author_id")})),
                       must(make_row({decimal("5"), integer(7)}))));
}

void add_functions(SampleList& samples, const Sources& sources) {
  const ExpressionPtr pages = column(sources.book, "pages");
  const ExpressionPtr price = column(sources.book, "price");
  const ExpressionPtr title = column(sources.book, "title");
  for (const std::string_view name : {"abs", "avg", "max", "min", "sum"}) {
    samples.value(std::string(name), sources.book, call(name, {pages}));
    samples.value(std::string(name) + " of decimals", sources.book, call(name, {price}));
  }
  samples.value("sum of int64", sources.book, call("sum", {column(sources.book, "author_id")}));
  samples.value("sum of a column times a value", sources.book,
                call("sum", {binary(BinaryOperator::kMultiply, pages, integer(2))}));
  for (const std::string_view name : {"length", "lower", "ltrim", "rtrim", "trim", "upper"})
    samples.value(std::string(name), sources.book, call(name, {title}));
  samples.value("replace", sources.book, call("replace", {title, text("a"), text("b")}));
  samples.value("substring", sources.book, call("substring", {title, integer(2), integer(3)}));
  samples.value("coalesce", sources.author,
                call("coalesce", {column(sources.author, "email"), text("none")}));
  samples.value("nullif", sources.book, call("nullif", {price, decimal("0")}));
  samples.value("greatest", sources.book, call("greatest", {pages, integer(3)}));
  samples.value("least of decimals", sources.book, call("least", {price, decimal("3")}));
  samples.value("mod", sources.book, call("mod", {pages, integer(3)}));
  samples.value("round of decimals", sources.book, call("round", {price, integer(1)}));
  samples.value("now", sources.book, call("now", {}));
  samples.value("random uuid", sources.book,
                must(make_function("random_uuid", {}, of(StorageType::kUuid), false, nullptr)));
  samples.value("current date", sources.book, call("current_date", {}));
  samples.value("string_agg", sources.book, call("string_agg", {title, text(", ")}));
  samples.value("bool_or", sources.book,
                call("bool_or", {binary(BinaryOperator::kGreater, pages, integer(1))}));
  samples.value("unknown function", sources.book, call("shop.margin", {price, integer(1)}));
  const ExpressionPtr is_long = binary(BinaryOperator::kGreater, pages, integer(100));
  samples.value("filtered aggregate", sources.book,
                must(make_function("count", {must(make_star())}, of(StorageType::kInt64), false, is_long)));
  samples.value("count distinct", sources.book,
                must(make_function("count", {price}, of(StorageType::kInt64), true, nullptr)));
  samples.value("window", sources.book,
                must(make_window(call("row_number", {}),
                                 {.partition_by = {column(sources.book, "author_id")},
                                  .order_by = {descending(price), column(sources.book, "title")}})));
  samples.value("window without partition", sources.book,
                must(make_window(call("rank", {}), {.order_by = {price}})));
  const ExpressionPtr details = column(sources.book, "details");
  const ExpressionPtr member = must(make_function("json_member", {details, text("author")},
                                                  nullable(of(StorageType::kJson)), false, nullptr));
  samples.value("json member", sources.book, member);
  samples.value("json text of element", sources.book,
                call("json_text", {must(make_function("json_element", {member, integer(0)},
                                                      nullable(of(StorageType::kJson)), false, nullptr))}));
}

void add_cases(SampleList& samples, const Sources& sources) {
  const ExpressionPtr price = column(sources.book, "price");
  const ExpressionPtr is_dear = binary(BinaryOperator::kGreater, price, decimal("20"));
  samples.value("case", sources.book, label(must(make_case({is_dear, text("dear")}, text("cheap"))), "band"));
  samples.value(
      "case without else", sources.book,
      must(make_case({is_dear, price, unary(UnaryOperator::kNot, is_dear), decimal("1")}, nullptr)));
  const ExpressionPtr pages = column(sources.book, "pages");
  const ExpressionPtr created = column(sources.author, "created_at");
  for (const StorageType target :
       {StorageType::kText, StorageType::kInt64, StorageType::kFloat64, StorageType::kDecimal}) {
    samples.value("int32 cast", sources.book, must(make_cast(pages, of(target))));
    samples.value("decimal cast", sources.book, must(make_cast(price, of(target))));
    samples.value("value cast", sources.book, must(make_cast(text("7"), of(target))));
  }
  samples.value("cast to bool", sources.book, must(make_cast(pages, of(StorageType::kBool))));
  for (const StorageType target : {StorageType::kDate, StorageType::kTime, StorageType::kTimestamp,
                                   StorageType::kTimestampUtc, StorageType::kUuid}) {
    samples.value("timestamp_utc cast", sources.author, must(make_cast(created, of(target))));
  }
  samples.value("date cast", sources.book,
                must(make_cast(column(sources.book, "published"), of(StorageType::kTimestamp))));
  samples.value("raw fragment", sources.book,
                must(make_raw_fragment({"length(", ") + ", ""}, {column(sources.book, "title"), integer(1)},
                                       of(StorageType::kInt64))));
}

void add_subqueries(SampleList& samples, const Sources& sources) {
  const SourcePtr book = sources.book;
  Select of_author = select_from(book, {pick(column(book, "author_id"))});
  of_author.where = {equal(column(book, "author_id"), column(sources.author, "id")),
                     binary(BinaryOperator::kLess, column(book, "pages"), integer(9))};
  samples.where("exists", sources.author, must(make_exists(query(of_author))));
  samples.where("not exists", sources.author,
                unary(UnaryOperator::kNot, must(make_exists(query(of_author)))));
  Select plain = select_from(book, {pick(column(book, "author_id"))});
  samples.where("in subquery", sources.author,
                must(make_in_subquery(column(sources.author, "id"), query(plain), false)));
  samples.where("not in subquery", sources.author,
                must(make_in_subquery(column(sources.author, "id"), query(plain), true)));
  Select highest = select_from(book, {pick(call("max", {column(book, "price")}))});
  highest.where = {equal(column(book, "author_id"), column(sources.author, "id"))};
  samples.value("scalar subquery", sources.author,
                label(must(make_scalar_subquery(query(highest))), "highest"));
  Select same_table = select_from(book, {pick(call("avg", {column(book, "price")}))});
  samples.where(
      "subquery over the same source", book,
      binary(BinaryOperator::kGreater, column(book, "price"), must(make_scalar_subquery(query(same_table)))));
  const SourcePtr other = alias(library().books);
  Select correlated = select_from(other, {pick(column(other, "id"))});
  correlated.where = {equal(column(other, "author_id"), column(book, "author_id")),
                      binary(BinaryOperator::kNotEqual, column(other, "id"), column(book, "id"))};
  samples.where("correlated copy", book, must(make_exists(query(correlated))));
}

void add_types(SampleList& samples, const Sources& sources) {
  const Table& table = *library().shelves;
  for (std::size_t index = 1; index < table.columns.size(); ++index) {
    const types::ColumnType type = of(table.columns[index].type.storage);
    samples.where("parameter of " + std::string(types::to_name(type.storage)), sources.shelf,
                  equal(must(make_column(sources.shelf, index)),
                        must(make_parameter(Value::null(type.storage), type))));
    samples.value("selected " + std::string(types::to_name(type.storage)), sources.shelf,
                  must(make_parameter(Value::null(type.storage), type)));
  }
}

}  // namespace

std::vector<StatementSample> make_query_samples() {
  SampleList samples;
  const Sources sources;
  add_clauses(samples, sources);
  add_joins(samples, sources);
  add_locks(samples, sources);
  add_operators(samples, sources);
  add_lists(samples, sources);
  add_functions(samples, sources);
  add_cases(samples, sources);
  add_subqueries(samples, sources);
  add_types(samples, sources);
  return samples.take();
}

}  // namespace bridge::sql::testing
