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

driver::ServerError report_of(const std::string& number, const std::string& message) {
  driver::ServerError report;
  report.routine = number;
  report.message = message;
  report.fields.sqlstate = "HY000";
  return report;
}

TEST(MysqlErrorMap, TellsNamesAndKeepsValuesOutOfMessages) {
  const Error duplicate = to_error(report_of("1062", "Duplicate entry 'secret' for key 'authors.email_key'"));
  EXPECT_EQ(duplicate.code(), ErrorCode::kUniqueViolation);
  EXPECT_EQ(duplicate.message(), "another row has the same values already, in key email_key");
  EXPECT_EQ(duplicate.server().constraint, "email_key");
  EXPECT_NE(duplicate.server().detail.find("secret"), std::string::npos);

  const Error wrong =
      to_error(report_of("1366", "Incorrect integer value: 'secret' for column `d`.`t`.`age` at row 1"));
  EXPECT_EQ(wrong.code(), ErrorCode::kDataRejected);
  EXPECT_EQ(wrong.message(), "Incorrect integer value");

  const Error missing = to_error(report_of("1048", "Column 'age' cannot be null"));
  EXPECT_EQ(missing.server().column, "age");
  const Error check = to_error(report_of("3819", "Check constraint 'is_adult' is violated."));
  EXPECT_EQ(check.server().constraint, "is_adult");
  const Error failed = to_error(report_of("4025", "CONSTRAINT `is_adult` failed for `d`.`t`"));
  EXPECT_EQ(failed.server().constraint, "is_adult");
  const Error orphan =
      to_error(report_of("1452",
                         "Cannot add or update a child row: a foreign key constraint fails "
                         "(`d`.`t`, CONSTRAINT `t_fk` FOREIGN KEY (`a`) REFERENCES `p` (`id`))"));
  EXPECT_EQ(orphan.server().constraint, "t_fk");
}

}  // namespace
}  // namespace bridge::mysql
