// Inserts, updates and deletes.
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;

constexpr std::size_t kName = 1;  // columns of authors
constexpr std::size_t kEmail = 2;
constexpr std::size_t kCreated = 3;

Insert insert_author(const SourcePtr& author) {
  Insert insert;
  insert.source = author;
  insert.columns = {kName, kEmail};
  insert.values = {text("Ann"), text("ann@example.org")};
  return insert;
}

void add_inserts(std::vector<StatementSample>& samples) {
  const SourcePtr author = source(library().authors);
  Insert insert = insert_author(author);
  samples.push_back({"insert", make_statement(insert)});
  insert.returning = {{author, nullptr}};
  samples.push_back({"insert returning entity", make_statement(insert)});
  Insert rows = insert_author(author);
  rows.columns = {0, kName, kCreated};
  rows.values = {must(make_default_value()),
                 text("Ann"),
                 must(make_default_value()),
                 integer(7),
                 text("Bob"),
                 call("now", {})};
  rows.row_count = 2;
  rows.returning = {{nullptr, column(author, "id")}};
  samples.push_back({"insert of two rows with defaults", make_statement(rows)});
  Insert nothing;
  nothing.source = author;
  samples.push_back({"insert of defaults alone", make_statement(nothing)});
  Insert bulk;
  bulk.source = source(library().books);
  bulk.columns = {0, 1, 3};
  bulk.row_count = 2;
  samples.push_back({"bulk insert", make_statement(bulk)});
  const SourcePtr category = source(library().categories);
  Select names;
  names.selections = {{nullptr, column(category, "label")}};
  names.from = {category};
  Insert copied;
  copied.source = author;
  copied.columns = {kName};
  copied.query = query(names);
  samples.push_back({"insert from query", make_statement(copied)});
  copied.on_conflict =
      OnConflict{.target = {}, .action = OnConflict::Action::kIgnore, .assignments = {}, .where = nullptr};
  samples.push_back({"insert from query ignoring conflicts", make_statement(copied)});
}

void add_upserts(std::vector<StatementSample>& samples) {
  const SourcePtr author = source(library().authors);
  Insert insert = insert_author(author);
  insert.on_conflict = OnConflict{
      .target = {kEmail}, .action = OnConflict::Action::kIgnore, .assignments = {}, .where = nullptr};
  samples.push_back({"upsert that ignores", make_statement(insert)});
  const ExpressionPtr excluded = must(make_excluded(library().authors, kName));
  insert.on_conflict = OnConflict{
      .target = {kEmail},
      .action = OnConflict::Action::kUpdate,
      .assignments = {{kName, binary(BinaryOperator::kConcatenate, column(author, "name"), excluded)},
                      {kEmail, text("new")}},
      .where = binary(BinaryOperator::kNotEqual, column(author, "name"), excluded)};
  insert.returning = {{nullptr, column(author, "id")}};
  samples.push_back({"upsert", make_statement(insert)});
}

void add_changes(std::vector<StatementSample>& samples) {
  const SourcePtr book = source(library().books);
  const SourcePtr author = source(library().authors);
  Select count;
  count.selections = {{nullptr, call("count", {must(make_star())})}};
  count.from = {author};
  count.where = {equal(column(author, "id"), column(book, "author_id"))};
  Update update;
  update.source = book;
  update.assignments = {{3, binary(BinaryOperator::kMultiply, column(book, "price"), decimal("2"))},
                        {2, text("x")},
                        {5, must(make_default_value())}};
  update.where = {binary(BinaryOperator::kGreater, column(book, "pages"), integer(5)),
                  equal(must(make_scalar_subquery(query(count))), integer(1))};
  update.returning = {{book, nullptr}};
  samples.push_back({"update", make_statement(update)});
  Update everywhere;
  everywhere.source = book;
  everywhere.assignments = {{2, text("x")}};
  everywhere.is_everywhere = true;
  samples.push_back({"update everywhere", make_statement(everywhere)});
  everywhere.is_everywhere = false;
  samples.push_back({"update without where", make_statement(everywhere)});
  Delete removal;
  removal.source = book;
  removal.where = {binary(BinaryOperator::kLess, column(book, "price"), decimal("1"))};
  removal.returning = {{nullptr, column(book, "id")}};
  samples.push_back({"delete", make_statement(removal)});
  Delete all;
  all.source = book;
  all.is_everywhere = true;
  samples.push_back({"delete everywhere", make_statement(all)});
}

}  // namespace

std::vector<StatementSample> make_write_samples() {
  std::vector<StatementSample> samples;
  add_inserts(samples);
  add_upserts(samples);
  add_changes(samples);
  return samples;
}

}  // namespace bridge::sql::testing
