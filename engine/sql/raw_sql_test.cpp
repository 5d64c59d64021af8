// What raw text is accepted and refused.
#include "engine/sql/raw_sql.h"

#include <gtest/gtest.h>

namespace bridge::sql {
namespace {

using Pieces = std::vector<std::string>;

TEST(RawSqlTest, AcceptsOneStatement) {
  for (const Pieces& pieces :
       {Pieces{"SELECT 1"}, Pieces{"SELECT 'it''s; fine' -- it's a comment\n, \"a;b\";  \n"},
        Pieces{"SELECT a FROM t WHERE b = ", " AND c = ", ""},
        Pieces{"SELECT /* a ; ' comment */ 1 -- the end"}, Pieces{"SELECT count(*) FROM t WHERE x IN (", ")"},
        Pieces{"SELECT $1 + 2"}}) {
    EXPECT_TRUE(check_raw_text(pieces)) << pieces.front();
  }
}

TEST(RawSqlTest, RefusesEverythingElse) {
  for (const Pieces& pieces :
       {Pieces{""}, Pieces{"  \n"}, Pieces{"SELECT 1; SELECT 2"}, Pieces{"SELECT 1; ", ""},
        Pieces{"SELECT 'open"}, Pieces{"SELECT \"open"}, Pieces{"SELECT '", "'"}, Pieces{"SELECT /* open"},
        Pieces{"SELECT 1 -- ", " x\n"}, Pieces{"SELECT /* ", " */ 1"}, Pieces{std::string("SELECT \0 1", 10)},
        Pieces{"SELECT 'a\\' OR 1=1 --'"}, Pieces{"SELECT $$ text $$"}, Pieces{"SELECT $tag$ ; $tag$"},
        Pieces{"SELECT (1"}, Pieces{"SELECT 1)"}, Pieces{"SELECT /*! 1 */ 2"},
        Pieces{"SELECT /* a /* b */ 1"}}) {
    const auto status = check_raw_text(pieces);
    ASSERT_FALSE(status) << pieces.front();
    EXPECT_EQ(status.error().code(), ErrorCode::kUnparameterizedSql);
  }
}

}  // namespace
}  // namespace bridge::sql
