// What becomes of a search as people type it.
#include "engine/databases/sqlite/text_query.h"

#include <gtest/gtest.h>

namespace bridge::sqlite {
namespace {

std::string wanted(std::string_view typed) { return parse_text_query(typed).wanted; }

TEST(TextQueryTest, WordsMustAllBeThere) {
  EXPECT_EQ(wanted("one two"), R"("one" "two")");
  EXPECT_EQ(wanted("  one\ttwo\n"), R"("one" "two")");
}

TEST(TextQueryTest, PhrasesKeepTheirOrder) {
  EXPECT_EQ(wanted(R"("one two" three)"), R"("one two" "three")");
  EXPECT_EQ(wanted(R"(one"two three)"), R"("one" "two three")");
}

TEST(TextQueryTest, ChoicesAndWhatMustBeAbsent) {
  EXPECT_EQ(wanted("one or two Or three"), R"("one" OR "two" OR "three")");
  EXPECT_EQ(wanted("one -two -three or four"), R"("one" NOT ("two" OR "three") OR "four")");
  EXPECT_EQ(wanted("--one"), R"("one")");
  EXPECT_EQ(wanted("or"), R"("or")");
  EXPECT_EQ(wanted("one or"), R"("one" "or")");
  EXPECT_EQ(wanted("one or or two"), R"("one" OR "or" "two")");
}

TEST(TextQueryTest, AChoiceOfAbsentWordsAlone) {
  const TextQuery query = parse_text_query("one or -two or -three -four");
  EXPECT_EQ(query.wanted, R"("one")");
  EXPECT_EQ(query.unwanted, R"(("two") AND ("three" OR "four"))");
  EXPECT_EQ(parse_text_query("one").unwanted, std::nullopt);
}

TEST(TextQueryTest, EverythingElseIsPunctuation) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(wanted(""), R"("")");
  EXPECT_EQ(wanted("!? *"), R"("")");
  EXPECT_EQ(wanted("title:one*"), R"("title:one*")");
  EXPECT_EQ(wanted("(one) & !two^3"), R"("one" "two^3")");
  EXPECT_EQ(wanted("one\0two \"a\0b\""sv), R"("one" "two" "a b")");
}

}  // namespace
}  // namespace bridge::sqlite
