// The tables of a small bookshop.
#pragma once

#include "engine/engine.h"

/// Two tables: authors, and the books they wrote.
struct Bookshop {
  bridge::sql::TablePtr authors;
  bridge::sql::TablePtr books;

  static bridge::Result<Bookshop> make();
};
