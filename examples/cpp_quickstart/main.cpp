// Quick start for C++: tables, inserts, a join and a transaction, on the database a URL names (SQLite in
// memory unless told).
//
// usage: cpp_quickstart [URL]     for example: cpp_quickstart postgresql://app@localhost/shop
#include <iostream>
#include <string>

#include "bookshop.h"
#include "engine/engine.h"

using bridge::Result;
using bridge::Status;
using bridge::execution::BlockingSession;
using bridge::execution::RowSet;
using bridge::sql::fluent::call;
using bridge::sql::fluent::count_rows;
using bridge::sql::fluent::Entity;
using bridge::sql::fluent::insert_into;
using bridge::sql::fluent::select;
using bridge::sql::fluent::update;

namespace {

/// Inserts an author with two books, in one transaction: all of it or nothing.
Status add_author(BlockingSession& session, const Bookshop& shop, const std::string& name) {
  const Entity author(shop.authors);
  const Entity book(shop.books);
  return session.in_transaction([&]() -> Status {
    BRIDGE_ASSIGN_OR_RETURN(
        const RowSet added,
        session.run(insert_into(author, {"name"}).values({name}).returning(author["id"]).build()));
    const std::int64_t author_id = added.rows[0][0].integer;
    BRIDGE_RETURN_IF_ERROR(session.run(insert_into(book, {"author_id", "title", "price"})
                                           .values({author_id, name + ": first steps", "12.50"})
                                           .values({author_id, name + ": collected works", "49.90"})
                                           .build()));
    return {};
  });
}

/// How many books each author has in the shop, and what they cost together: a join with grouping.
Status print_shelves(BlockingSession& session, const Bookshop& shop) {
  const Entity author(shop.authors);
  const Entity book(shop.books);
  BRIDGE_ASSIGN_OR_RETURN(const RowSet shelves,
                          session.run(select({author["name"], count_rows(), call("sum", {book["price"]})})
                                          .from(book)
                                          .join(author, book["author_id"] == author["id"])
                                          .where(book["price"] > "10")
                                          .group_by(author["name"])
                                          .order_by(author["name"].ascending())
                                          .build()));
  for (const auto& row : shelves.rows) {
    std::cout << "  " << row[0].text << ": " << row[1].integer << " books, " << row[2].text << " in all\n";
  }
  return {};
}

/// A price rise, and a second author of the same name, which the database refuses: the transaction leaves
/// nothing behind.
Status raise_prices(BlockingSession& session, const Bookshop& shop) {
  const Entity book(shop.books);
  BRIDGE_ASSIGN_OR_RETURN(
      const RowSet raised,
      session.run(update(book).set("price", book["price"] + 1).where(book["title"].like("%first%")).build()));
  std::cout << "raised " << raised.affected_rows << " prices\n";

  const Status twice = add_author(session, shop, "Ann");
  std::cout << "a second Ann: " << (twice ? "accepted" : bridge::to_name(twice.error().code())) << "\n";
  return {};
}

Status run(const std::string& url) {
  BRIDGE_ASSIGN_OR_RETURN(const auto session, BlockingSession::open(url));
  std::cout << "connected to " << session->redacted_url() << "\n";
  BRIDGE_ASSIGN_OR_RETURN(const Bookshop shop, Bookshop::make());
  BRIDGE_RETURN_IF_ERROR(session->drop_tables({shop.authors, shop.books}));
  BRIDGE_RETURN_IF_ERROR(session->create_tables({shop.authors, shop.books}));

  for (const char* name : {"Ann", "Bob"}) BRIDGE_RETURN_IF_ERROR(add_author(*session, shop, name));
  BRIDGE_RETURN_IF_ERROR(print_shelves(*session, shop));
  BRIDGE_RETURN_IF_ERROR(raise_prices(*session, shop));
  BRIDGE_RETURN_IF_ERROR(print_shelves(*session, shop));

  BRIDGE_RETURN_IF_ERROR(session->drop_tables({shop.authors, shop.books}));
  return session->close();
}

}  // namespace

int main(int argument_count, char** arguments) {
  const Status done = run(argument_count > 1 ? arguments[1] : "sqlite:///:memory:");
  if (done) return 0;
  std::cerr << bridge::to_name(done.error().code()) << ": " << done.error().message() << "\n";
  return 1;
}
