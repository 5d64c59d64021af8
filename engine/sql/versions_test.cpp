// Which names of revisions are let into statements.
#include "engine/sql/versions.h"

#include <gtest/gtest.h>

#include "engine/sql/shape.h"
#include "engine/sql/statement.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"

namespace bridge::sql {
namespace {

TEST(Revision, TakesNamesAndSteps) {
  for (const char* text :
       {"main", "HEAD", "feature/new-prices_2", "v1.0", "main~1", "HEAD^2~3", "WORKING", "a1b2"})
    EXPECT_TRUE(Revision::make(text).has_value()) << text;
}

TEST(Revision, RefusesWhatCouldBeMoreThanAName) {
  for (const char* text : {"", "-D", "--hard", "a'b", "a b", "a;b", "a..b", "a//b", "a/", "a.", "/a", ".a",
                           "~1", "main~x", "a`b", "a\\", "a\nb", "a@{1}", "\xC3\xA9"})
    EXPECT_FALSE(Revision::make(text).has_value()) << text;
  EXPECT_FALSE(Revision::make(std::string(256, 'a')).has_value());
}

TEST(Revision, NamesHaveNoSteps) {
  EXPECT_TRUE(Revision::make_name("feature/x").has_value());
  EXPECT_FALSE(Revision::make_name("main~1").has_value());
}

StatementPtr authors_as_of(std::optional<PointInTime> point) {
  static const SourcePtr author = testing::source(testing::library().authors);
  Select select;
  select.selections = {{author, nullptr}};
  select.from = {author};
  select.as_of = std::move(point);
  return make_statement(std::move(select));
}

TEST(PointInTime, IsPartOfTheShape) {
  const PointInTime first{.revision = testing::must(Revision::make("main"))};
  const PointInTime second{.revision = testing::must(Revision::make("main~1"))};
  EXPECT_TRUE(has_same_shape(*authors_as_of(first), *authors_as_of(first)));
  EXPECT_FALSE(has_same_shape(*authors_as_of(first), *authors_as_of(second)));
  EXPECT_FALSE(has_same_shape(*authors_as_of(first), *authors_as_of(std::nullopt)));
  const PointInTime early{.kind = PointInTime::Kind::kMoment, .moment = 1};
  const PointInTime late{.kind = PointInTime::Kind::kMoment, .moment = 2};
  EXPECT_FALSE(has_same_shape(*authors_as_of(early), *authors_as_of(late)));
}

}  // namespace
}  // namespace bridge::sql
