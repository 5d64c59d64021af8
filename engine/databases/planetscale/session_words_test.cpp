// Which raw statements are refused before they are sent.
#include "engine/databases/planetscale/session_words.h"

#include <gtest/gtest.h>

namespace bridge::planetscale {
namespace {

std::string_view objection(std::vector<std::string> words) { return find_session_objection(words); }

TEST(PlanetscaleSessionWords, ObjectsToWhatBelongsToASession) {
  EXPECT_NE(objection({"lock", "tables", "a", "write"}).find("for_update"), std::string_view::npos);
  EXPECT_NE(objection({"unlock", "tables"}), "");
  EXPECT_NE(objection({"select", "get_lock", "a"}), "");
  EXPECT_NE(objection({"set", "sql_mode"}).find("SET_VAR"), std::string_view::npos);
}

TEST(PlanetscaleSessionWords, ObjectsToProgramsAndFiles) {
  EXPECT_NE(objection({"create", "procedure", "a"}).find("procedures"), std::string_view::npos);
  EXPECT_NE(objection({"load", "data"}), "");
}

TEST(PlanetscaleSessionWords, LeavesTheRestAlone) {
  EXPECT_EQ(objection({}), "");
  EXPECT_EQ(objection({"select"}), "");
  EXPECT_EQ(objection({"update", "a", "set", "b"}), "");
  EXPECT_EQ(objection({"create", "table", "procedure"}), "");
}

}  // namespace
}  // namespace bridge::planetscale
