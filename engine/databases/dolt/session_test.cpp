// What Dolt does and its parent does not, on a real server: branches in the URL, rows given back, other
// servers refused.
#include "engine/databases/dolt/dialect.h"
#include "engine/databases/dolt/driver.h"
#include "engine/databases/mysql/testing/session_fixture.h"

namespace bridge::dolt {
namespace {

class DoltSession : public mysql::testing::SessionFixture {
 protected:
  Result<std::unique_ptr<driver::Driver>> make_driver(const driver::ConnectionUrl& url) override {
    return make_dolt_driver(url, environment());
  }
};

TEST_P(DoltSession, AnswersAQuery) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(rows_of(*connection, statement("SELECT 7", {types::StorageType::kInt32})), "7;");
}

TEST_P(DoltSession, BeginsOnTheBranchOfItsUrl) {
  const auto connection = open_or_fail(server_url() + "/main");
  ASSERT_NE(connection, nullptr);
  const auto branch = statement("SELECT active_branch()", {types::StorageType::kText});
  EXPECT_EQ(rows_of(*connection, branch), "'main';");
}

TEST_P(DoltSession, RefusesABranchThatIsNone) {
  for (const char* ending : {"/--hard", "/a%20b", "/a%27b", "/"}) {
    const auto url = driver::ConnectionUrl::parse(server_url() + ending);
    ASSERT_TRUE(url.has_value());
    EXPECT_FALSE(make_driver(*url).has_value()) << ending;
  }
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, DoltSession, ::testing::Values("BRIDGE_DOLT"),
                         [](const auto& server) { return server.param; });

class ForeignServer : public DoltSession {};

TEST_P(ForeignServer, IsRefusedByName) {
  const auto refused = open(server_url());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kConfiguration);
  EXPECT_NE(refused.error().message().find("not Dolt"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, ForeignServer, ::testing::Values("BRIDGE_MYSQL", "BRIDGE_MARIADB"),
                         [](const auto& server) { return server.param; });

}  // namespace
}  // namespace bridge::dolt
