// Searches: what is refused, which index serves one, and what makes two of them the same.
#include "engine/sql/text_search.h"

#include <gtest/gtest.h>

#include "engine/sql/ddl.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"

namespace bridge::sql {
namespace {

using testing::alias;
using testing::column;
using testing::integer;
using testing::library;
using testing::must;
using testing::name;
using testing::of;
using testing::source;
using testing::text;

ExpressionPtr search(std::string_view language, std::vector<ExpressionPtr> texts) {
  texts.insert(texts.begin(), text("typed"));
  return must(make_text_search(kTextMatches, language, std::move(texts)));
}

TEST(TextSearchTest, RefusesWhatIsNoSearch) {
  const SourcePtr note = source(library().notes);
  EXPECT_FALSE(make_text_search("lower", "english", {text("x"), column(note, "title")}));
  EXPECT_FALSE(make_text_search(kTextMatches, "english'", {text("x"), column(note, "title")}));
  EXPECT_FALSE(make_text_search(kTextMatches, "", {text("x"), column(note, "title")}));
  EXPECT_FALSE(make_text_search(kTextMatches, "english", {text("x")}));
  EXPECT_FALSE(make_text_search(kTextMatches, "english", {text("x"), column(note, "id")}));
  EXPECT_FALSE(make_text_search(kTextHighlight, "english", {text("x"), column(note, "title"), text("<")}));
  EXPECT_FALSE(make_text_search(kTextSnippet, "english",
                                {text("x"), column(note, "title"), text("<"), text(">"), text("8")}));
  EXPECT_FALSE(make_function(kTextMatches, {text("x"), column(note, "title")}, of(types::StorageType::kBool),
                             false, nullptr));
}

TEST(TextSearchTest, TheLanguageIsPartOfTheShape) {
  const SourcePtr note = source(library().notes);
  EXPECT_EQ(search("english", {column(note, "title")})->hash(),
            search("english", {column(note, "title")})->hash());
#ifndef BRIDGE_CONSTANT_HASH
  EXPECT_NE(search("english", {column(note, "title")})->hash(),
            search("french", {column(note, "title")})->hash());
#endif
}

TEST(TextSearchTest, FindsTheIndexOfExactlyTheseColumns) {
  const SourcePtr note = source(library().notes);
  const auto found = find_text_index(*search("english", {column(note, "body"), column(note, "title")}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, note);
  EXPECT_EQ(found->places, (std::vector<std::size_t>{1, 0}));
  EXPECT_FALSE(find_text_index(*search("english", {column(note, "title")})));
  EXPECT_FALSE(find_text_index(*search("french", {column(note, "title"), column(note, "body")})));
  EXPECT_FALSE(find_text_index(*search("english", {column(note, "title"), text("x")})));
  const SourcePtr other = alias(library().notes);
  EXPECT_FALSE(find_text_index(*search("english", {column(note, "title"), column(other, "body")})));
}

TEST(TextSearchTest, AHighlightTakesAnyIndexWithItsColumn) {
  const SourcePtr note = source(library().notes);
  const auto found = find_text_index(*must(
      make_text_search(kTextHighlight, "english", {text("x"), column(note, "body"), text("<"), text(">")})));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->places, std::vector<std::size_t>{1});
}

TEST(TextSearchTest, IndexesAreMadeBehindTheirTableAndGoBeforeIt) {
  const auto plan = must(plan_create({library().notes}));
  ASSERT_EQ(plan.size(), 6U);
  EXPECT_EQ(std::get<CreateTextIndex>(plan[1]).part, TextIndexPart::kWords);
  EXPECT_EQ(std::get<CreateTextIndex>(plan[5]).part, TextIndexPart::kRowsThere);
  const auto drops = plan_drop({library().notes});
  ASSERT_EQ(drops.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<DropTextIndex>(drops.front()));
}

TEST(TextSearchTest, OnlyTextsAreIndexed) {
  Table table = *library().notes;
  table.text_indexes = {{.name = {}, .columns = {0}, .language = "english"}};
  EXPECT_FALSE(make_table(table));
  table.text_indexes = {{.name = {}, .columns = {1}, .language = "Klingon!"}};
  EXPECT_FALSE(make_table(table));
  table.text_indexes = {{.name = {}, .columns = {1, 1}, .language = "english"}};
  EXPECT_FALSE(make_table(table));
}

}  // namespace
}  // namespace bridge::sql
