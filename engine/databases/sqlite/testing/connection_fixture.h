// Where tests of connections meet: a file, and statements as long as a test wants them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "engine/databases/sqlite/testing/sqlite_session.h"

namespace bridge::sqlite::testing {

inline constexpr const char* kCount =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ";

/// Gives the numbers from 1 to `last`, a row each.
inline std::string counting(std::int64_t last) {
  return std::string(kCount) + std::to_string(last) + ") SELECT i FROM n";
}

/// Gives one row; the time it takes grows with `last`.
inline std::string summing(std::int64_t last) {
  return std::string(kCount) + std::to_string(last) + ") SELECT sum(i) FROM n";
}

/// A database file of its own, made by the first session that opens it.
class ConnectionFixture : public ::testing::Test {
 protected:
  std::string path() const { return folder_.file("test.db"); }
  TemporaryFolder folder_;
};

}  // namespace bridge::sqlite::testing
