// What the reports of vtgate and tablets become; the texts were taken from a Vitess that runs.
#include "engine/databases/planetscale/error_map.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace bridge::planetscale {
namespace {

Error error_of(std::string number, std::string message) {
  driver::ServerError report;
  report.routine = std::move(number);
  report.message = std::move(message);
  report.fields.sqlstate = "HY000";
  return to_error(std::move(report));
}

std::string by_tablet(const std::string& description) {
  return "target: app.0.primary: vttablet: rpc error: code = " + description +
         " (CallerID: app): Sql: \"insert into t(v) values (:v1)\", BindVars: {v1: \"secret\"}";
}

TEST(PlanetscaleErrorMap, ReadsWhatMysqlSaidThroughItsWrapping) {
  const Error error = error_of("1062", by_tablet("AlreadyExists desc = Duplicate entry '1' for key 't.v_key' "
                                                 "(errno 1062) (sqlstate 23000)"));
  EXPECT_EQ(error.code(), ErrorCode::kUniqueViolation);
  EXPECT_EQ(error.server().constraint, "v_key");
  EXPECT_EQ(error.server().table, "t");
  EXPECT_EQ(error.server().detail, "Duplicate entry '1' for key 't.v_key'");
  const Error missing = error_of("1146", by_tablet("NotFound desc = Table 'a.b' doesn't exist (errno 1146) "
                                                   "(sqlstate 42S02)"));
  EXPECT_EQ(missing.message(), "Table 'a.b' doesn't exist");
}

TEST(PlanetscaleErrorMap, TellsNoValuesOfStatements) {
  for (const std::string number : {"1105", "1317", "1406", "9999"}) {
    const Error error = error_of(number, by_tablet("Unknown desc = something else"));
    EXPECT_EQ(error.message().find("secret"), std::string::npos) << number;
    EXPECT_EQ(error.server().detail.find("secret"), std::string::npos) << number;
  }
}

TEST(PlanetscaleErrorMap, NamesTheRuleThatWasMet) {
  const Error rows = error_of("1317", by_tablet("Aborted desc = Row count exceeded 100000"));
  EXPECT_EQ(rows.code(), ErrorCode::kStatement);
  EXPECT_NE(rows.message().find("db.stream()"), std::string::npos);
  const Error killed = error_of(
      "1317",
      by_tablet(
          "Aborted desc = transaction 17: ended at 2026-01-01 00:00:00.000 UTC (exceeded timeout: 20s)"));
  EXPECT_EQ(killed.code(), ErrorCode::kDeadlineExceeded);
  EXPECT_NE(killed.message().find("20 seconds"), std::string::npos);
  EXPECT_EQ(error_of("1317", "VT10001: foreign key constraints are not allowed").code(),
            ErrorCode::kUnsupportedFeature);
  EXPECT_EQ(error_of("1235", "VT12001: unsupported: this").code(), ErrorCode::kUnsupportedFeature);
}

TEST(PlanetscaleErrorMap, KnowsWhatMayBeTriedAgain) {
  const auto code = [](const std::string& description) {
    return error_of("1105", by_tablet(description)).code();
  };
  EXPECT_EQ(code("ResourceExhausted desc = transaction pool connection limit exceeded"),
            ErrorCode::kConcurrency);
  EXPECT_EQ(code("Aborted desc = something was in the way"), ErrorCode::kSerializationFailure);
  EXPECT_EQ(code("Unavailable desc = gone"), ErrorCode::kConnectionLost);
  EXPECT_EQ(error_of("1213", by_tablet("Aborted desc = Deadlock found (errno 1213) (sqlstate 40001)")).code(),
            ErrorCode::kDeadlock);
}

TEST(PlanetscaleErrorMap, ValuesOfARowDoNotChooseTheError) {
  const Error error =
      error_of("1062", by_tablet("AlreadyExists desc = Duplicate entry 'Row count exceeded' for "
                                 "key 't.v_key' (errno 1062) (sqlstate 23000)"));
  EXPECT_EQ(error.code(), ErrorCode::kUniqueViolation);
}

}  // namespace
}  // namespace bridge::planetscale
