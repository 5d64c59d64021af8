// Which error each SQLSTATE becomes, and what never reaches a message.
#include "engine/databases/postgres/error_map.h"

#include <gtest/gtest.h>

namespace bridge::postgres {
namespace {

ErrorCode code_of(std::string_view state, std::string_view routine = "") {
  driver::ServerError error;
  error.fields.sqlstate = state;
  error.routine = routine;
  return to_error_code(error);
}

TEST(ErrorMap, KnowsCodesAndClasses) {
  EXPECT_EQ(code_of("23505"), ErrorCode::kUniqueViolation);
  EXPECT_EQ(code_of("23503"), ErrorCode::kForeignKeyViolation);
  EXPECT_EQ(code_of("23502"), ErrorCode::kNotNullViolation);
  EXPECT_EQ(code_of("23514"), ErrorCode::kCheckViolation);
  EXPECT_EQ(code_of("23P01"), ErrorCode::kIntegrity);
  EXPECT_EQ(code_of("40001"), ErrorCode::kSerializationFailure);
  EXPECT_EQ(code_of("40P01"), ErrorCode::kDeadlock);
  EXPECT_EQ(code_of("55P03"), ErrorCode::kLockTimeout);
  EXPECT_EQ(code_of("57014"), ErrorCode::kCancelled);
  EXPECT_EQ(code_of("57P01"), ErrorCode::kConnectionLost);
  EXPECT_EQ(code_of("57P03"), ErrorCode::kConnectFailed);
  EXPECT_EQ(code_of("08006"), ErrorCode::kConnectionLost);
  EXPECT_EQ(code_of("53300"), ErrorCode::kConnectFailed);
  EXPECT_EQ(code_of("53100"), ErrorCode::kServerFailure);
  EXPECT_EQ(code_of("58030"), ErrorCode::kServerFailure);
  EXPECT_EQ(code_of("XX000"), ErrorCode::kServerFailure);
  EXPECT_EQ(code_of("22003"), ErrorCode::kDataRejected);
  EXPECT_EQ(code_of("42501"), ErrorCode::kPrivilege);
  EXPECT_EQ(code_of("42601"), ErrorCode::kStatement);
  EXPECT_EQ(code_of("25P02"), ErrorCode::kStatement);
  EXPECT_EQ(code_of("28P01"), ErrorCode::kAuthentication);
  EXPECT_EQ(code_of("3D000"), ErrorCode::kConfiguration);
  EXPECT_EQ(code_of("26000"), ErrorCode::kStatementCacheStale);
  EXPECT_EQ(code_of("P0001"), ErrorCode::kDatabase);
  EXPECT_EQ(code_of(""), ErrorCode::kDatabase);
}

TEST(ErrorMap, TellsAStalePlanFromAMissingFeature) {
  EXPECT_EQ(code_of("0A000", "RevalidateCachedQuery"), ErrorCode::kStatementCacheStale);
  EXPECT_EQ(code_of("0A000", "transformInsertStmt"), ErrorCode::kStatement);
}

TEST(ErrorMap, KeepsFieldsAndLeavesValuesOut) {
  driver::ServerError report;
  report.message = "invalid input syntax for type integer: \"canary\"\n";
  report.fields = {.sqlstate = "22P02", .constraint = "c", .table = "t", .column = "k", .detail = "canary"};
  const Error error = to_error(report);
  EXPECT_EQ(error.message(), "invalid input syntax for type integer");
  EXPECT_EQ(error.server().constraint, "c");
  EXPECT_EQ(error.server().table, "t");
  EXPECT_EQ(error.server().column, "k");
  EXPECT_EQ(error.server().detail, "canary");
  EXPECT_EQ(error.sent(), Sent::kYes);
}

TEST(ErrorMap, BlanksControlCharacters) {
  driver::ServerError report;
  report.message = "a\x1B[31mb\nc";
  EXPECT_EQ(to_error(report).message(), "a [31mb c");
  EXPECT_FALSE(to_error(driver::ServerError{}).message().empty());
}

TEST(ErrorMap, KnowsTheEndOfASession) {
  driver::ServerError report;
  report.severity = "FATAL";
  EXPECT_TRUE(ends_session(report));
  report.severity = "ERROR";
  EXPECT_FALSE(ends_session(report));
}

}  // namespace
}  // namespace bridge::postgres
