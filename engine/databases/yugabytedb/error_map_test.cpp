// Which of YugabyteDB's errors let a transaction run again.
#include "engine/databases/yugabytedb/error_map.h"

#include <gtest/gtest.h>

namespace bridge::yugabytedb {
namespace {

ErrorCode code_of(const std::string& state, const std::string& message) {
  driver::ServerError error;
  error.message = message;
  error.fields.sqlstate = state;
  return to_error_code(error);
}

TEST(YugabyteErrors, ThatLetATransactionRunAgain) {
  for (const auto& [state, message] : std::vector<std::pair<std::string, std::string>>{
           {"40001", "Restart read required at: { read: { physical: 1 } }"},
           {"40001", "Operation failed. Try again: 0x1 Conflicts with higher priority transaction: 0x2"},
           {"40001", "could not serialize access due to concurrent update"},
           {"40001", "The catalog snapshot used for this transaction has been invalidated"},
           {"40001", "Catalog Version Mismatch: A DDL occurred while processing this query. Try again."},
           {"40001", "anything else"},
           {"XX000", "Catalog Version Mismatch: A DDL occurred while processing this query. Try again."},
           {"XX000", "Attempted to restart when transaction does not require restart"},
           {"40000", "Query error: Restart read required"}}) {
    EXPECT_EQ(code_of(state, message), ErrorCode::kSerializationFailure) << state << message;
  }
}

TEST(YugabyteErrors, ThatDoNot) {
  EXPECT_EQ(code_of("XX000", "Invalid argument: a tablet is gone"), ErrorCode::kServerFailure);
  EXPECT_EQ(code_of("40P01", "deadlock detected"), ErrorCode::kDeadlock);
  EXPECT_EQ(code_of("42601", "syntax error at or near \"could not serialize access\""),
            ErrorCode::kStatement);
  EXPECT_EQ(code_of("23505", "duplicate key"), ErrorCode::kUniqueViolation);
}

}  // namespace
}  // namespace bridge::yugabytedb
