// Derived tables, windows, set operations, groupings: what a query is made of beyond one select.
#include "engine/sql/derived.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"
#include "engine/sql/text_search.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;
using types::Value;

struct Sources {
  SourcePtr author = source(library().authors);
  SourcePtr book = source(library().books);
  SourcePtr category = source(library().categories);
};

Selection pick(ExpressionPtr expression) { return {nullptr, std::move(expression)}; }

Select select_from(const SourcePtr& from, std::vector<Selection> selections = {}) {
  Select select;
  select.selections = selections.empty() ? std::vector<Selection>{{from, nullptr}} : std::move(selections);
  select.from = {from};
  return select;
}

StatementPtr statement(Select select) { return make_statement(std::move(select)); }

class SampleList {
 public:
  void add(std::string sample, StatementBody body) {
    samples_.push_back({std::move(sample), make_statement(std::move(body))});
  }
  void value(std::string sample, const SourcePtr& from, ExpressionPtr expression) {
    add(std::move(sample), select_from(from, {pick(std::move(expression))}));
  }
  std::vector<StatementSample> take() { return std::move(samples_); }

 private:
  std::vector<StatementSample> samples_;
};

Select cheaper_than(const SourcePtr& book, std::string_view price) {
  Select select = select_from(book, {pick(column(book, "author_id")), pick(column(book, "price"))});
  select.where = {binary(BinaryOperator::kLess, column(book, "price"), decimal(price))};
  return select;
}

void add_subqueries(SampleList& samples, const Sources& sources) {
  const SourcePtr book = sources.book;
  const ExpressionPtr rank =
      label(must(make_window(call("row_number", {}), {.partition_by = {column(book, "author_id")},
                                                      .order_by = {descending(column(book, "price"))}})),
            "place");
  const SourcePtr ranked = must(make_subquery_source(
      name("ranked"), statement(select_from(book, {{book, nullptr}, pick(rank)})), DerivedKind::kSubquery));
  const std::size_t width = library().books->columns.size();
  Select top = select_from(ranked, {{ranked, nullptr, 0, width}});
  top.where = {equal(column(ranked, "place"), integer(1))};
  samples.add("subquery in from", top);
  Select both = select_from(book, {{book, nullptr}, {sources.author, nullptr}});
  both.joins = {
      {JoinKind::kInner, sources.author, equal(column(book, "author_id"), column(sources.author, "id"))}};
  const SourcePtr pairs = must(make_subquery_source(name("pairs"), statement(both), DerivedKind::kSubquery));
  samples.add("subquery with names that clash", select_from(pairs));
  const SourcePtr cheap =
      must(make_subquery_source(name("cheap"), statement(cheaper_than(book, "5")), DerivedKind::kSubquery));
  Select joined =
      select_from(sources.author, {pick(column(sources.author, "name")), pick(column(cheap, "price"))});
  joined.joins = {{JoinKind::kLeft, cheap, equal(column(cheap, "author_id"), column(sources.author, "id"))}};
  joined.where = {equal(column(sources.author, "id"), integer(7))};
  samples.add("subquery in a join", joined);
  Select twice = joined;
  const SourcePtr copy = make_copy(cheap);
  twice.joins.push_back(
      {JoinKind::kInner, copy, equal(column(copy, "author_id"), column(sources.author, "id"))});
  samples.add("subquery twice", twice);
  Select latest = select_from(book, {pick(column(book, "title"))});
  latest.where = {equal(column(book, "author_id"), column(sources.author, "id"))};
  latest.order_by = {descending(column(book, "published"))};
  latest.limit = integer(2);
  const SourcePtr lateral =
      must(make_subquery_source(name("latest"), statement(latest), DerivedKind::kLateral));
  Select with_latest =
      select_from(sources.author, {pick(column(sources.author, "name")), pick(column(lateral, "title"))});
  with_latest.joins = {{JoinKind::kCross, lateral, nullptr}};
  samples.add("lateral", with_latest);
}

void add_with_tables(SampleList& samples, const Sources& sources) {
  const SourcePtr cheap = must(
      make_with_source(name("cheap"), statement(cheaper_than(sources.book, "5")), Materialization::kDefault));
  const SourcePtr copy = make_copy(cheap);
  Select pairs = select_from(cheap, {pick(column(cheap, "price")), pick(column(copy, "price"))});
  pairs.joins = {
      {JoinKind::kInner, copy, binary(BinaryOperator::kLess, column(cheap, "price"), column(copy, "price"))}};
  samples.add("common table used twice", pairs);
  Select of_cheap = select_from(cheap, {pick(column(cheap, "author_id"))});
  const SourcePtr writers =
      must(make_with_source(name("writers"), statement(of_cheap), Materialization::kAlways));
  Select outer = select_from(sources.author);
  Select ids = select_from(writers, {pick(column(writers, "author_id"))});
  outer.where = {must(make_in_subquery(column(sources.author, "id"), query(ids), false))};
  samples.add("common table over another", outer);
  const SourcePtr category = sources.category;
  Select roots = select_from(category);
  roots.where = {unary(UnaryOperator::kIsNull, column(category, "parent_id"))};
  const SourcePtr so_far = must(make_recursion_source(name("tree"), statement(roots)));
  Select children = select_from(category);
  children.joins = {{JoinKind::kInner, so_far, equal(column(category, "parent_id"), column(so_far, "id"))}};
  const SourcePtr tree =
      must(make_recursive_source(so_far, statement(roots), statement(children), Materialization::kDefault));
  samples.add("recursive common table", select_from(tree));
  Select bounded =
      select_from(sources.author, {pick(column(sources.author, "id")), pick(column(sources.author, "name"))});
  const SourcePtr names = must(make_recursion_source(name("chain"), statement(bounded)));
  Select longer =
      select_from(names, {pick(binary(BinaryOperator::kAdd, column(names, "id"), integer(1))),
                          pick(binary(BinaryOperator::kConcatenate, column(names, "name"), text("!")))});
  longer.where = {binary(BinaryOperator::kLess, column(names, "id"), integer(9))};
  samples.add("recursive common table that grows",
              select_from(must(make_recursive_source(names, statement(bounded), statement(longer),
                                                     Materialization::kDefault))));
  longer.limit = integer(3);
  samples.add("recursive common table that limits each step",
              select_from(must(make_recursive_source(names, statement(bounded), statement(longer),
                                                     Materialization::kDefault))));
  Delete removal;
  removal.source = sources.book;
  removal.where = {binary(BinaryOperator::kLess, column(sources.book, "price"), decimal("1"))};
  removal.returning = {pick(column(sources.book, "title"))};
  const SourcePtr gone =
      must(make_with_source(name("gone"), make_statement(removal), Materialization::kDefault));
  samples.add("common table that writes", select_from(gone, {pick(call("count", {must(make_star())}))}));
  Insert copied;
  copied.source = sources.category;
  copied.columns = {2};
  copied.query = query(select_from(gone));
  samples.add("insert from a common table that writes", copied);
}

void add_values(SampleList& samples, const Sources& sources) {
  const SourcePtr wanted =
      must(make_values_source(name("wanted"),
                              {{.name = name("author"), .type = of(StorageType::kInt64)},
                               {.name = name("least"), .type = of(StorageType::kDecimal)}},
                              {integer(1), decimal("5"), integer(2), decimal("7")}));
  Select select =
      select_from(sources.book, {pick(column(sources.book, "title")), pick(column(wanted, "least"))});
  select.joins = {
      {JoinKind::kInner, wanted,
       binary(BinaryOperator::kAnd, equal(column(wanted, "author"), column(sources.book, "author_id")),
              binary(BinaryOperator::kGreater, column(sources.book, "price"), column(wanted, "least")))}};
  samples.add("list of values", select);
}

void add_windows(SampleList& samples, const Sources& sources) {
  const ExpressionPtr price = column(sources.book, "price");
  const ExpressionPtr pages = column(sources.book, "pages");
  const ExpressionPtr author = column(sources.book, "author_id");
  const auto frame = [](FrameUnit unit, FrameBound start, FrameBound end) {
    return Frame{.unit = unit, .start = start, .end = end};
  };
  samples.value("running total", sources.book,
                must(make_window(call("sum", {price}),
                                 {.partition_by = {author},
                                  .order_by = {column(sources.book, "published")},
                                  .frame = frame(FrameUnit::kRows, FrameBound::kUnboundedPreceding,
                                                 FrameBound::kCurrentRow)})));
  samples.value("running total of integers", sources.book,
                must(make_window(call("sum", {author}), {.order_by = {author}})));
  samples.value(
      "moving average", sources.book,
      must(make_window(call("avg", {pages}),
                       {.order_by = {pages},
                        .frame = frame(FrameUnit::kRows, FrameBound::kPreceding, FrameBound::kFollowing),
                        .start_offset = integer(2),
                        .end_offset = integer(1)})));
  Frame groups = frame(FrameUnit::kGroups, FrameBound::kCurrentRow, FrameBound::kUnboundedFollowing);
  groups.exclusion = FrameExclusion::kTies;
  samples.value(
      "groups without ties", sources.book,
      must(make_window(call("count", {must(make_star())}), {.order_by = {pages}, .frame = groups})));
  samples.value(
      "range", sources.book,
      must(make_window(call("max", {pages}),
                       {.order_by = {pages},
                        .frame = frame(FrameUnit::kRange, FrameBound::kPreceding, FrameBound::kCurrentRow),
                        .start_offset = integer(10)})));
  samples.value(
      "range over decimals", sources.book,
      must(make_window(call("sum", {price}),
                       {.order_by = {price},
                        .frame = frame(FrameUnit::kRange, FrameBound::kPreceding, FrameBound::kCurrentRow),
                        .start_offset = decimal("1.5")})));
  samples.value("lag", sources.book,
                must(make_window(call("lag", {price, integer(1)}), {.order_by = {price}})));
  samples.value("window over aggregates", sources.book,
                must(make_window(call("sum", {call("count", {must(make_star())})}), {})));
  const WindowSpecification named{.partition_by = {author}, .order_by = {price}, .name = name("by_author")};
  samples.add("named window",
              select_from(sources.book, {pick(must(make_window(call("rank", {}), named))),
                                         pick(must(make_window(call("sum", {pages}), named)))}));
  const ExpressionPtr is_long = binary(BinaryOperator::kGreater, pages, integer(100));
  samples.value("filtered window", sources.book,
                must(make_window(must(make_function("count", {must(make_star())}, of(StorageType::kInt64),
                                                    false, is_long)),
                                 {.partition_by = {author}})));
}

Select prices_of(const SourcePtr& book, std::int64_t author) {
  Select select = select_from(book, {pick(column(book, "title")), pick(column(book, "price"))});
  select.where = {equal(column(book, "author_id"), integer(author))};
  return select;
}

void add_sets(SampleList& samples, const Sources& sources) {
  const auto combine = [](SetOperator set_operator, std::vector<Select> queries) {
    Select combined;
    combined.set_operator = set_operator;
    combined.selections = queries.front().selections;
    for (Select& operand : queries) combined.operands.push_back(query(std::move(operand)));
    return combined;
  };
  using enum SetOperator;
  for (const SetOperator set_operator : {kUnion, kUnionAll, kIntersect, kIntersectAll, kExcept, kExceptAll})
    samples.add("set operation",
                combine(set_operator, {prices_of(sources.book, 1), prices_of(sources.book, 2)}));
  Select page = combine(kUnionAll, {prices_of(sources.book, 1), prices_of(sources.book, 2)});
  page.order_by = {descending(column(sources.book, "price")), column(sources.book, "title")};
  page.limit = integer(3);
  samples.add("set operation ordered and limited", page);
  Select first = prices_of(sources.book, 1);
  first.order_by = {column(sources.book, "price")};
  first.limit = integer(1);
  samples.add("set operation of limited queries", combine(kUnionAll, {first, prices_of(sources.book, 2)}));
  Select labels = select_from(sources.category, {pick(column(sources.category, "label"))});
  Insert copied;
  copied.source = sources.author;
  copied.columns = {1};
  copied.query = query(combine(kUnion, {labels, labels}));
  copied.on_conflict =
      OnConflict{.target = {}, .action = OnConflict::Action::kIgnore, .assignments = {}, .where = nullptr};
  samples.add("insert of a set operation ignoring conflicts", copied);
  samples.add("nested set operation",
              combine(kExcept, {combine(kUnion, {prices_of(sources.book, 1), prices_of(sources.book, 2)}),
                                prices_of(sources.book, 3)}));
  const SourcePtr rows = must(make_subquery_source(
      name("rows"), statement(combine(kUnion, {prices_of(sources.book, 1), prices_of(sources.book, 2)})),
      DerivedKind::kSubquery));
  samples.add("set operation as a subquery", select_from(rows, {pick(call("sum", {column(rows, "price")}))}));
  Select wrong = combine(kUnion, {prices_of(sources.book, 1), prices_of(sources.book, 2)});
  wrong.order_by = {column(sources.book, "pages")};
  samples.add("set operation ordered by something else", wrong);
}

void add_groupings(SampleList& samples, const Sources& sources) {
  const SourcePtr book = sources.book;
  const ExpressionPtr author = column(book, "author_id");
  const ExpressionPtr published = column(book, "published");
  Select select =
      select_from(book, {pick(author), pick(published), pick(call("sum", {column(book, "price")}))});
  select.group_by = {must(make_grouping_sets(GroupingKind::kRollup, {{author}, {published}}))};
  samples.add("rollup", select);
  select.group_by = {must(make_grouping_sets(GroupingKind::kCube, {{author}, {published}}))};
  samples.add("cube", select);
  select.group_by = {must(make_grouping_sets(GroupingKind::kSets, {{author, published}, {author}, {}}))};
  samples.add("grouping sets", select);
  const ExpressionPtr doubled = binary(BinaryOperator::kMultiply, column(book, "price"), decimal("2"));
  Select by_value = select_from(book, {pick(doubled), pick(call("count", {must(make_star())}))});
  by_value.group_by = {doubled};
  by_value.order_by = {descending(doubled)};
  samples.add("grouped by an expression that holds a value", by_value);
  samples.value(
      "ordered aggregate", book,
      must(make_aggregate("string_agg", {column(book, "title"), text(", ")}, nullable(of(StorageType::kText)),
                          {.order_by = {descending(column(book, "price"))}})));
  samples.value("percentile", book,
                must(make_aggregate("percentile_cont",
                                    {must(make_parameter(Value::of_real(0.5), of(StorageType::kFloat64)))},
                                    nullable(of(StorageType::kFloat64)),
                                    {.order_by = {column(book, "pages")}, .is_within_group = true})));
  Select full = select_from(book, {pick(column(book, "title")), pick(column(sources.author, "name"))});
  full.joins = {
      {JoinKind::kFull, sources.author, equal(column(book, "author_id"), column(sources.author, "id"))}};
  samples.add("full join", full);
  full.joins[0].kind = JoinKind::kRight;
  samples.add("right join", full);
  full.joins = {{JoinKind::kCross, sources.author, nullptr}};
  samples.add("cross join", full);
}

void add_documents(SampleList& samples, const Sources& sources) {
  const ExpressionPtr details = column(sources.book, "details");
  const types::ColumnType json = nullable(of(StorageType::kJson));
  const ExpressionPtr document = must(make_parameter(Value::of_text(StorageType::kJson, "1"), json));
  samples.value(
      "json set", sources.book,
      must(make_function("json_set", {details, text("a"), integer(0), document}, json, false, nullptr)));
  samples.value("json remove", sources.book,
                must(make_function("json_remove", {details, text("a"), text("b")}, json, false, nullptr)));
  samples.value("json contains", sources.book, call("json_contains", {details, document}));
  samples.value("json array of titles", sources.book, call("json_agg", {column(sources.book, "title")}));
  samples.value("json object of pages", sources.book,
                call("json_object_agg", {column(sources.book, "title"), column(sources.book, "pages")}));
  const types::ColumnType words{.storage = StorageType::kArray, .element = StorageType::kText};
  const ExpressionPtr list =
      must(make_parameter(Value::of_array(StorageType::kText, {Value::of_text("x")}), words));
  samples.value("array contains", sources.book,
                call("array_contains", {list, column(sources.book, "title")}));
  samples.value("array contains all", sources.book, call("array_contains_all", {list, list}));
  samples.value("arrays overlap", sources.book, call("array_overlaps", {list, list}));
  samples.value("array length", sources.book, call("array_length", {list}));
  samples.value("array element", sources.book,
                must(make_function("array_element", {list, integer(0)}, nullable(of(StorageType::kText)),
                                   false, nullptr)));
  samples.value(
      "array of titles", sources.book,
      must(make_function("array_agg", {column(sources.book, "title")}, nullable(words), false, nullptr)));
  samples.value("regular expression", sources.book,
                call("regexp_matches_text", {column(sources.book, "title"), text("^a")}));
  samples.value(
      "text search", sources.book,
      must(make_text_search(kTextMatches, "english", {text("sql"), column(sources.book, "title")})));
  const SourcePtr note = source(library().notes);
  const std::vector<ExpressionPtr> both = {text("sql"), column(note, "title"), column(note, "body")};
  samples.value("text search by an index", note, must(make_text_search(kTextMatches, "english", both)));
  samples.value("text search in another language", note,
                must(make_text_search(kTextMatches, "french", both)));
  samples.value("text rank", note, must(make_text_search(kTextRank, "english", both)));
  samples.value("text highlight", note,
                must(make_text_search(kTextHighlight, "english",
                                      {text("sql"), column(note, "body"), text("<"), text(">")})));
  samples.value(
      "text snippet", note,
      must(make_text_search(kTextSnippet, "english",
                            {text("sql"), column(note, "title"), text("<"), text(">"), integer(8)})));
}

void add_writes(SampleList& samples, const Sources& sources) {
  Update update;
  update.source = sources.book;
  update.from = {sources.author};
  update.assignments = {{2, column(sources.author, "name")}};
  update.where = {equal(column(sources.author, "id"), column(sources.book, "author_id")),
                  equal(column(sources.author, "id"), integer(7))};
  update.returning = {pick(column(sources.book, "id"))};
  samples.add("update from", update);
  const SourcePtr changes = must(make_lists_source(
      name("changes"),
      {{.name = name("id"), .type = of(StorageType::kInt64)},
       {.name = name("name"), .type = of(StorageType::kText)}},
      {{types::Value::of_int64(1), types::Value::of_int64(2), types::Value::of_int64(3)},
       {types::Value::of_text("a"), types::Value::of_text("b"), types::Value::null(StorageType::kText)}}));
  Update many;
  many.source = sources.author;
  many.from = {changes};
  many.assignments = {{1, column(changes, "name")}};
  many.where = {equal(column(sources.author, "id"), column(changes, "id"))};
  many.returning = {pick(column(sources.author, "id"))};
  samples.add("update from lists", many);
  Delete removal;
  removal.source = sources.book;
  removal.from = {sources.author};
  removal.where = {equal(column(sources.author, "id"), column(sources.book, "author_id")),
                   equal(column(sources.author, "id"), integer(7))};
  samples.add("delete using", removal);
}

}  // namespace

std::vector<StatementSample> make_language_samples() {
  SampleList samples;
  const Sources sources;
  add_subqueries(samples, sources);
  add_with_tables(samples, sources);
  add_values(samples, sources);
  add_windows(samples, sources);
  add_sets(samples, sources);
  add_groupings(samples, sources);
  add_documents(samples, sources);
  add_writes(samples, sources);
  return samples.take();
}

}  // namespace bridge::sql::testing
