// Servers a dialect cannot speak to, refused by name and version.
#include "engine/databases/mysql/server_check.h"

#include <gtest/gtest.h>

namespace bridge::mysql {
namespace {

std::string answer(const std::string& version, bool is_mariadb, ServerFamily wanted) {
  const Status checked = check_server({.version = version, .is_mariadb = is_mariadb}, wanted);
  return checked ? "taken" : checked.error().message();
}

TEST(MysqlServerCheck, TakesWhatWasAskedFor) {
  EXPECT_EQ(answer("9.7.4", false, ServerFamily::kMysql), "taken");
  EXPECT_EQ(answer("11.8.6-MariaDB", true, ServerFamily::kMariadb), "taken");
  EXPECT_EQ(answer("5.5.5-10.6.1-MariaDB", true, ServerFamily::kMariadb), "taken");
  EXPECT_EQ(answer("8.0.33", false, ServerFamily::kAny), "taken");
}

TEST(MysqlServerCheck, NamesTheOtherFamilyAndTheCure) {
  EXPECT_EQ(answer("5.5.5-10.11.18-MariaDB", true, ServerFamily::kMysql),
            "the server is MariaDB (10.11.18-MariaDB): let the URL begin with mariadb://");
  EXPECT_EQ(answer("9.7.4", false, ServerFamily::kMariadb),
            "the server is not MariaDB (9.7.4): let the URL begin with mysql://");
}

TEST(MysqlServerCheck, NamesAServerThatIsTooOld) {
  const std::string refusal = "the server is MariaDB 10.5.29-MariaDB, which is too old: 10.6 is needed";
  EXPECT_EQ(answer("5.5.5-10.5.29-MariaDB", true, ServerFamily::kMariadb), refusal);
  EXPECT_EQ(answer("10.5.29-MariaDB", true, ServerFamily::kAny), refusal);
  EXPECT_NE(answer("unknown", true, ServerFamily::kMariadb), "taken");
}

}  // namespace
}  // namespace bridge::mysql
