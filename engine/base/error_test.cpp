// The closed list of errors and the value that carries one.
#include "engine/base/error.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

#include "engine/base/result.h"

namespace bridge {
namespace {

constexpr std::array kAllCodes{
#define BRIDGE_CODE(enumerator, name, kind, retryable) ErrorCode::enumerator,
    BRIDGE_ERROR_CODES(BRIDGE_CODE)
#undef BRIDGE_CODE
};

TEST(ErrorCode, NamesAreSnakeCaseAndUnique) {
  std::set<std::string_view> names;
  for (const ErrorCode code : kAllCodes) {
    const std::string_view name = to_name(code);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << name;
  }
}

TEST(ErrorCode, TraitsThatOthersRelyOn) {
  // user errors must never open a breaker, and our own refusals are no sign of the server's health
  for (const ErrorCode code : {ErrorCode::kPoolTimeout, ErrorCode::kCircuitOpen, ErrorCode::kCancelled,
                               ErrorCode::kAuthentication}) {
    EXPECT_EQ(to_kind(code), ErrorKind::kUsage) << to_name(code);
  }
  for (const ErrorCode code :
       {ErrorCode::kConnectionLost, ErrorCode::kConnectFailed, ErrorCode::kServerFailure}) {
    EXPECT_EQ(to_kind(code), ErrorKind::kInfrastructure) << to_name(code);
  }
  EXPECT_FALSE(is_retryable(ErrorCode::kCommitOutcomeUnknown));
  EXPECT_TRUE(is_retryable(ErrorCode::kSerializationFailure));
  EXPECT_FALSE(is_retryable(ErrorCode::kUniqueViolation));
}

TEST(Error, CarriesWhatItWasGiven) {
  const Error error =
      make_error(ErrorCode::kUniqueViolation, "taken")
          .with_sent(Sent::kYes)
          .with_server(
              {.sqlstate = "23505", .constraint = "key", .table = "t", .column = "c", .detail = "secret"})
          .with_operation("insert")
          .with_retry_after(std::chrono::seconds(2));
  EXPECT_EQ(error.code(), ErrorCode::kUniqueViolation);
  EXPECT_EQ(error.kind(), ErrorKind::kDatabase);
  EXPECT_EQ(error.message(), "taken");
  EXPECT_EQ(error.sent(), Sent::kYes);
  EXPECT_EQ(error.server().constraint, "key");
  EXPECT_EQ(error.operation(), "insert");
  EXPECT_EQ(error.retry_after(), std::chrono::seconds(2));
}

TEST(Error, CloneIsIndependent) {
  Error original = make_error(ErrorCode::kConnectionLost, "lost");
  const Error copy = original.clone();
  original = std::move(original).with_code(ErrorCode::kInternal);
  EXPECT_EQ(copy.code(), ErrorCode::kConnectionLost);
  EXPECT_EQ(copy.message(), "lost");
}

Result<int> parse_digit(char digit) {
  if (digit < '0' || digit > '9') return make_error(ErrorCode::kValidation, "no digit");
  return digit - '0';
}

Result<int> add_digits(char left, char right) {
  BRIDGE_ASSIGN_OR_RETURN(const int first, parse_digit(left));
  BRIDGE_ASSIGN_OR_RETURN(const int second, parse_digit(right));
  return first + second;
}

Status demand_digit(char digit) {
  BRIDGE_RETURN_IF_ERROR(parse_digit(digit));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(*add_digits('2', '3'), 5);
  const auto failed = add_digits('2', 'x');
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), ErrorCode::kValidation);
  EXPECT_TRUE(demand_digit('1'));
  EXPECT_EQ(demand_digit('x').error().message(), "no digit");
}

TEST(Result, CarriesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  ASSERT_TRUE(made);
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 7);
}

}  // namespace
}  // namespace bridge
