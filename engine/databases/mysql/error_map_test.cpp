// Which error each class of SQLSTATE becomes.
#include "engine/databases/mysql/error_map.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace bridge::mysql {
namespace {

Error refused_with(const std::string& sqlstate) {
  driver::ServerError report;
  report.message = "refused";
  report.fields.sqlstate = sqlstate;
  return to_error(std::move(report));
}

ErrorCode code_of(const std::string& sqlstate) { return refused_with(sqlstate).code(); }

TEST(MysqlErrorMap, KnowsTheClassesOfTheStandard) {
  EXPECT_EQ(code_of("23000"), ErrorCode::kIntegrity);
  EXPECT_EQ(code_of("22012"), ErrorCode::kDataRejected);
  EXPECT_EQ(code_of("40001"), ErrorCode::kConcurrency);
  EXPECT_EQ(code_of("42000"), ErrorCode::kStatement);
  EXPECT_EQ(code_of("ZZ000"), ErrorCode::kDatabase);
}

TEST(MysqlErrorMap, KeepsWhatTheServerSaid) {
  const Error error = refused_with("23000");
  EXPECT_EQ(error.message(), "refused");
  EXPECT_EQ(error.server().sqlstate, "23000");
  EXPECT_EQ(error.sent(), Sent::kYes);
}

}  // namespace
}  // namespace bridge::mysql
