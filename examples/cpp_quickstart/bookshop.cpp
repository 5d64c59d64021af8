// The tables of a small bookshop.
#include "bookshop.h"

using bridge::sql::ReferentialAction;
using bridge::sql::fluent::TableBuilder;

bridge::Result<Bookshop> Bookshop::make() {
  constexpr std::uint32_t kNameLength = 100;
  constexpr std::uint16_t kPriceDigits = 12;
  Bookshop shop;
  BRIDGE_ASSIGN_OR_RETURN(
      shop.authors,
      TableBuilder("quickstart_authors").identity("id").text("name", kNameLength).unique({"name"}).build());
  BRIDGE_ASSIGN_OR_RETURN(shop.books, TableBuilder("quickstart_books")
                                          .identity("id")
                                          .integer("author_id")
                                          .text("title", kNameLength)
                                          .decimal("price", kPriceDigits, 2)
                                          .references("author_id", shop.authors, ReferentialAction::kCascade)
                                          .index({"author_id"})
                                          .build());
  return shop;
}
