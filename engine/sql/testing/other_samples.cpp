// Definitions, transaction control, raw statements, explanations.
#include "engine/sql/derived.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;
using types::Value;

std::string to_text(Isolation isolation) {
  switch (isolation) {
    case Isolation::kDefault:
      return "default";
    case Isolation::kReadUncommitted:
      return "read uncommitted";
    case Isolation::kReadCommitted:
      return "read committed";
    case Isolation::kRepeatableRead:
      return "repeatable read";
    case Isolation::kSerializable:
      return "serializable";
  }
  return "unknown";
}

// A default of every type that has a literal.
TablePtr make_constants() {
  Table table{.name = name("constants")};
  const auto add = [&](std::string_view label, Value value) {
    const types::ColumnType type = of(value.type);
    table.columns.push_back({.name = name(label),
                             .type = type,
                             .generation = Generation::kExpression,
                             .default_expression = must(make_parameter(std::move(value), type)),
                             .labels = {}});
  };
  constexpr std::int64_t kDay = 19'000;
  constexpr std::int64_t kMoment = 1'700'000'000'123'456;
  add("a_bool", Value::of_bool(true));
  add("an_integer", Value::of_int64(-7));
  add("a_real", Value::of_real(0.1));
  add("a_decimal", Value::of_text(StorageType::kDecimal, "-12.30"));
  add("a_text", Value::of_text("it's \"quoted\" \\ here"));
  add("some_bytes", Value::of_text(StorageType::kBytes, "\x01'\xFF"));
  add("a_date", Value::of_integer(StorageType::kDate, kDay));
  add("a_time", Value::of_integer(StorageType::kTime, 1));
  add("a_timestamp", Value::of_integer(StorageType::kTimestamp, kMoment));
  add("a_utc_timestamp", Value::of_integer(StorageType::kTimestampUtc, kMoment));
  add("an_interval", Value::of_interval({.months = 0, .days = 2, .microseconds = 3}));
  add("a_uuid", Value::of_uuid({1, 2, 3}));
  add("a_json", Value::of_text(StorageType::kJson, "{\"a\": \"it's\"}"));
  add("an_address", Value::of_text(StorageType::kInet, "192.0.2.1/24"));
  return must(make_table(std::move(table)));
}

// A table in a schema, with an index that says where NULLs go.
TablePtr make_shop() {
  Table table{.name = name("stock"), .schema = name("shop")};
  table.columns = {{.name = name("sku"), .type = of(StorageType::kText), .is_primary_key = true},
                   {.name = name("sold"), .type = nullable(of(StorageType::kInt64))}};
  const SourcePtr own = source(std::make_shared<const Table>(table));
  table.indexes = {
      {.name = name("stock_sold"), .keys = {ordering(column(own, "sold"), true, NullsOrder::kLast)}}};
  table.text_indexes = {{.name = name("stock_words"), .columns = {0}, .language = "simple"}};
  return must(make_table(std::move(table)));
}

// Checked when the transaction commits: places may be exchanged, and a guest may come before his host.
TablePtr make_places() {
  Table table{.name = name("places")};
  table.columns = {{.name = name("number"), .type = of(StorageType::kInt64), .is_primary_key = true}};
  table.unique_constraints = {{.columns = {0}, .is_deferred = true}};
  return must(make_table(std::move(table)));
}

TablePtr make_guests() {
  Table table{.name = name("guests")};
  table.columns = {{.name = name("id"), .type = of(StorageType::kInt64), .is_primary_key = true},
                   {.name = name("host_id"), .type = of(StorageType::kInt64)}};
  table.foreign_keys = {
      {.columns = {1}, .target_table = name("guests"), .target_columns = {name("id")}, .is_deferred = true}};
  return must(make_table(std::move(table)));
}

void add_definitions(std::vector<StatementSample>& samples) {
  static const TablePtr constants = make_constants();
  static const TablePtr shop = make_shop();
  static const TablePtr places = make_places();
  static const TablePtr guests = make_guests();
  for (const TablePtr& table : {library().authors, library().books, library().categories, library().shelves,
                                library().loans, library().notes, constants, shop, places, guests}) {
    samples.push_back({"create " + table->name.text(), make_statement(CreateTable{table})});
    for (std::size_t index = 0; index < table->indexes.size(); ++index) {
      samples.push_back({"create index of " + table->name.text(), make_statement(CreateIndex{table, index})});
    }
  }
  samples.push_back(
      {"create loans without borrower", make_statement(CreateTable{library().loans, false, {1}})});
  samples.push_back({"add postponed foreign key", make_statement(AddForeignKey{library().loans, 1, true})});
  samples.push_back({"add foreign key", make_statement(AddForeignKey{library().loans, 0, false})});
  for (const TextIndexPart part :
       {TextIndexPart::kWords, TextIndexPart::kWhenInserted, TextIndexPart::kWhenDeleted,
        TextIndexPart::kWhenUpdated, TextIndexPart::kRowsThere})
    samples.push_back({"create text index", make_statement(CreateTextIndex{library().notes, 0, part})});
  samples.push_back({"create text index in a schema", make_statement(CreateTextIndex{shop, 0})});
  samples.push_back({"drop text index", make_statement(DropTextIndex{library().notes, 0})});
  samples.push_back({"drop table", make_statement(DropTable{library().loans})});
  samples.push_back({"drop table cascade", make_statement(DropTable{library().loans, false, true})});
}

void add_control(std::vector<StatementSample>& samples) {
  for (const Isolation isolation :
       {Isolation::kDefault, Isolation::kReadUncommitted, Isolation::kReadCommitted,
        Isolation::kRepeatableRead, Isolation::kSerializable}) {
    samples.push_back({"begin " + to_text(isolation), make_statement(Begin{.isolation = isolation})});
  }
  samples.push_back({"begin readonly deferrable", make_statement(Begin{.isolation = Isolation::kSerializable,
                                                                       .is_readonly = true,
                                                                       .is_deferrable = true})});
  samples.push_back(
      {"begin readonly", make_statement(Begin{.isolation = Isolation::kDefault, .is_readonly = true})});
  samples.push_back({"commit", make_statement(Commit{})});
  samples.push_back({"rollback", make_statement(Rollback{})});
  samples.push_back({"savepoint", make_statement(Savepoint{name("inner_1")})});
  samples.push_back({"release savepoint", make_statement(ReleaseSavepoint{name("inner_1")})});
  samples.push_back({"rollback to savepoint", make_statement(RollbackToSavepoint{name("inner_1")})});
}

void add_explained_writes(std::vector<StatementSample>& samples) {
  const SourcePtr author = source(library().authors);
  const ExpressionPtr is_seventh = equal(column(author, "id"), integer(7));
  Insert insertion;
  insertion.source = author;
  insertion.columns = {1};
  insertion.values = {text("Ann")};
  Update change;
  change.source = author;
  change.assignments = {{1, text("Ann")}};
  change.where = {is_seventh};
  change.returning = {{nullptr, column(author, "id")}};
  Delete removal;
  removal.source = author;
  removal.where = {is_seventh};
  samples.push_back(
      {"explain insert", make_statement(Explain{.query = {}, .other = make_statement(insertion)})});
  samples.push_back(
      {"explain update", make_statement(Explain{.query = {}, .other = make_statement(change)})});
  samples.push_back(
      {"explain delete", make_statement(Explain{.query = {}, .other = make_statement(removal)})});
}

void add_raw(std::vector<StatementSample>& samples) {
  samples.push_back(
      {"raw", make_statement(Raw{.pieces = {"SELECT id FROM books WHERE price > ", " AND title = ", ""},
                                 .parts = {decimal("5"), text("x")},
                                 .result_types = {}})});
  samples.push_back({"raw with a second statement",
                     make_statement(Raw{.pieces = {"SELECT 1; SELECT 2"}, .parts = {}, .result_types = {}})});
  const SourcePtr author = source(library().authors);
  Select select;
  select.selections = {{author, nullptr}};
  select.from = {author};
  select.where = {equal(column(author, "id"), integer(7))};
  const SourcePtr own = source(library().authors);
  const StatementPtr rows =
      make_statement(Raw{{"SELECT ", " AS id, ", " AS total FROM ", ""},
                         {column(own, "id"), integer(7), must(make_table_name(library().authors))},
                         {}});
  samples.push_back({"raw of names", rows});
  const std::vector<Column> columns = {{.name = name("id"), .type = {.storage = StorageType::kInt64}},
                                       {.name = name("total"), .type = {.storage = StorageType::kInt64}}};
  const SourcePtr totals = must(make_raw_source(name("totals"), columns, rows));
  Select joined;
  joined.selections = {{nullptr, column(own, "id")}, {nullptr, must(make_column(totals, 1))}};
  joined.from = {own};
  joined.joins = {{JoinKind::kInner, totals, equal(column(own, "id"), must(make_column(totals, 0)))}};
  samples.push_back({"raw rows joined", make_statement(joined)});
  samples.push_back({"raw around a query", make_statement(Raw{{"SELECT count(*) FROM ", " AS found"},
                                                              {must(make_spliced_query(query(select)))},
                                                              {}})});
  samples.push_back({"explain raw", make_statement(Explain{nullptr, false, rows})});
  samples.push_back({"explain", make_statement(Explain{query(select)})});
  samples.push_back({"explain analyze", make_statement(Explain{query(select), true})});
  add_explained_writes(samples);
}

}  // namespace

std::vector<StatementSample> make_other_samples() {
  std::vector<StatementSample> samples;
  add_definitions(samples);
  add_control(samples);
  add_raw(samples);
  return samples;
}

std::vector<StatementSample> make_all_samples() {
  std::vector<StatementSample> samples = make_query_samples();
  for (auto&& more : {make_language_samples(), make_moment_samples(), make_write_samples(),
                      make_other_samples(), make_version_samples()})
    samples.insert(samples.end(), more.begin(), more.end());
  return samples;
}

}  // namespace bridge::sql::testing
