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
  for (const Pieces& pieces : {Pieces{""},
                               Pieces{"  \n"},
                               Pieces{"SELECT 1; SELECT 2"},
                               Pieces{"SELECT 1; ", ""},
                               Pieces{"SELECT 'open"},
                               Pieces{"SELECT \"open"},
                               Pieces{"SELECT '", "'"},
                               Pieces{"SELECT /* open"},
                               Pieces{"SELECT 1 -- ", " x\n"},
                               Pieces{"SELECT /* ", " */ 1"},
                               Pieces{std::string("SELECT \0 1", 10)},
                               Pieces{"SELECT 'a\\' OR 1=1 --'"},
                               Pieces{"SELECT $$ text $$"},
                               Pieces{"SELECT $tag$ ; $tag$"},
                               Pieces{"SELECT (1"},
                               Pieces{"SELECT 1)"},
                               Pieces{"SELECT /*! 1 */ 2"},
                               Pieces{"SELECT /* a /* b */ 1"},
                               Pieces{"SELECT E'a'"},
                               Pieces{"SELECT U&'a'"},
                               Pieces{"SELECT _utf8'a'"},
                               Pieces{"SELECT 5--1"},
                               Pieces{"SELECT 1 -- a\rUNION"},
                               Pieces{"SELECT \\ 1"}}) {
    const auto status = check_raw_text(pieces);
    ASSERT_FALSE(status) << pieces.front();
    EXPECT_EQ(status.error().code(), ErrorCode::kUnparameterizedSql);
  }
}

TEST(RawSqlTest, ReadsTextAsTheDatabaseDoes) {
  const RawTextRules numbered{
      .has_backtick_quotes = false, .placeholder_marks = "$", .are_placeholders_numbers = true};
  EXPECT_FALSE(check_raw_text({"SELECT $1"}, numbered));
  EXPECT_FALSE(check_raw_text({"SELECT `a`"}, numbered));
  EXPECT_TRUE(check_raw_text({"SELECT a$1, b ? 'c', d @> e, f[1:2], g::int"}, numbered));
  const RawTextRules named{.has_bracket_quotes = true, .has_question_marks = true, .placeholder_marks = ":@"};
  for (const char* text : {"SELECT ?", "SELECT :a", "SELECT @a", "SELECT :1", "SELECT [a"})
    EXPECT_FALSE(check_raw_text({text}, named)) << text;
  EXPECT_TRUE(check_raw_text({"SELECT [a'b], 'a:b', a -> 'x'"},
                             {.has_bracket_quotes = true, .placeholder_marks = ""}));
  const RawTextRules hashed{.has_hash_comments = true, .placeholder_marks = ""};
  EXPECT_FALSE(check_raw_text({"SELECT 1 # ", ""}, hashed));
  EXPECT_TRUE(check_raw_text({"SELECT 1 # it's a comment"}, hashed));
}

TEST(RawSqlTest, RulesMayObjectToWordsOutsideQuotesAndComments) {
  const RawTextRules rules{.placeholder_marks = "",
                           .find_objection = [](const std::vector<std::string>& words) -> std::string_view {
                             return words.back() == "noise" ? "no noise here" : "";
                           }};
  const Status refused = check_raw_text({"MAKE ", " Noise"}, rules);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kUnsupportedFeature);
  EXPECT_EQ(refused.error().message(), "no noise here");
  EXPECT_TRUE(check_raw_text({"MAKE 'noise' /* noise */"}, rules));
}

TEST(RawSqlTest, MarksBeforeWordsOnlyAreNoPrefixes) {
  EXPECT_TRUE(check_raw_text({"SELECT'a' LIKE'b', X'00', N'a', 1e'a'"}));
}

}  // namespace
}  // namespace bridge::sql
