// What Dolt's reports become, and that no value of a row stays in a message.
#include "engine/databases/dolt/error_map.h"

#include <gtest/gtest.h>

#include "engine/databases/mysql/error_map.h"

namespace bridge::dolt {
namespace {

Error translate(std::string number, std::string message) {
  driver::ServerError report;
  report.routine = std::move(number);
  report.message = std::move(message);
  report.fields.sqlstate = "HY000";
  restate(report);
  return mysql::to_error(std::move(report));
}

TEST(DoltErrors, ConflictsOfTransactionsMayBeTriedAgain) {
  const Error error = translate("1213", "serialization failure: this transaction conflicts with another");
  EXPECT_EQ(error.code(), ErrorCode::kSerializationFailure);
}

TEST(DoltErrors, AServerThatDoesNotKnowItsSettingsIsAnother) {
  const Error error = translate("1193", "Unknown system variable 'dolt_transaction_commit'");
  EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
  EXPECT_NE(error.message().find("not Dolt"), std::string::npos);
}

TEST(DoltErrors, AreToldApartByTheirWords) {
  EXPECT_EQ(translate("1105", "nothing to commit").code(), ErrorCode::kStatement);
  EXPECT_EQ(translate("1105", "branch not found: x").code(), ErrorCode::kStatement);
  EXPECT_EQ(translate("1105", "Check constraint \"books_check\" violated").code(),
            ErrorCode::kCheckViolation);
  EXPECT_EQ(translate("1105", "Field 'name' doesn't have a default value").code(),
            ErrorCode::kNotNullViolation);
  EXPECT_EQ(translate("1105", "something new").code(), ErrorCode::kDatabase);
}

TEST(DoltErrors, MessagesHoldNoValues) {
  const Error text = translate("1105", "string 'secret' is too large for column 'c'");
  EXPECT_EQ(text.code(), ErrorCode::kDataRejected);
  EXPECT_EQ(text.message().find("secret"), std::string::npos);
  const Error other = translate("1105", "strange: 'secret' -> [secret] and \"secret\"");
  EXPECT_EQ(other.message().find("secret"), std::string::npos);
  const Error key =
      translate("1452",
                "cannot add or update a child row - Foreign key violation on fk: `books_fk`, table: "
                "`books`, referenced table: `authors`, key: `[secret]`");
  EXPECT_EQ(key.code(), ErrorCode::kForeignKeyViolation);
  EXPECT_EQ(key.message().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace bridge::dolt
