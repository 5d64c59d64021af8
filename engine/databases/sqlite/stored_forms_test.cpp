// Every storage type through a real table and back; every wrong affinity and form refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/databases/sqlite/testing/sqlite_session.h"

namespace bridge::sqlite {
namespace {

using testing::make_compiled;
using testing::Reply;
using testing::SqliteSession;
using types::ColumnType;
using types::StorageType;
using types::Value;

class StoredForms : public ::testing::Test {
 protected:
  std::string round_trip(const Value& value, const ColumnType& type) {
    return session_.say("SELECT ?", {value}, {type}).joined();
  }
  std::string read(const std::string& expression, StorageType type) {
    return session_.say("SELECT " + expression, {}, {{.storage = type}}).joined();
  }
  std::string stored(const Value& value) {
    return session_.say("SELECT typeof(?1) || ' ' || quote(?1)", {value}).joined();
  }

  SqliteSession session_{""};
};

TEST_F(StoredForms, AreThoseOfTheReadme) {
  EXPECT_EQ(stored(Value::of_bool(true)), "integer 1");
  EXPECT_EQ(stored(Value::of_int64(-5)), "integer -5");
  EXPECT_EQ(stored(Value::of_real(2)), "real 2.0");
  EXPECT_EQ(stored(Value::of_text(StorageType::kDecimal, "12.50")), "text '12.50'");
  EXPECT_EQ(stored(Value::of_text(StorageType::kBytes, std::string("\0\xFF", 2))), "blob X'00FF'");
  EXPECT_EQ(stored(Value::of_text(StorageType::kBytes, "")), "blob X''");
  EXPECT_EQ(stored(Value::of_text("")), "text ''");
  EXPECT_EQ(stored(Value::of_integer(StorageType::kDate, 1)), "text '1970-01-02'");
  EXPECT_EQ(stored(Value::of_integer(StorageType::kTime, 1)), "text '00:00:00.000001'");
  EXPECT_EQ(stored(Value::of_integer(StorageType::kTimestamp, -1)), "text '1969-12-31 23:59:59.999999'");
  EXPECT_EQ(stored(Value::of_integer(StorageType::kTimestampUtc, 0)),
            "text '1970-01-01 00:00:00.000000+00:00'");
  EXPECT_EQ(stored(Value::of_interval({.days = 1, .microseconds = 2})), "integer 86400000002");
  EXPECT_EQ(stored(Value::of_uuid({1, 2})), "blob X'01020000000000000000000000000000'");
  EXPECT_EQ(stored(Value::of_text(StorageType::kJson, "{}")), "text '{}'");
  EXPECT_EQ(stored(Value::null(StorageType::kUuid)), "null NULL");
}

TEST_F(StoredForms, ComeBackAsTheyWent) {
  EXPECT_EQ(round_trip(Value::of_bool(false), {.storage = StorageType::kBool}), "false");
  EXPECT_EQ(
      round_trip(Value::of_int64(std::numeric_limits<std::int64_t>::min()), {.storage = StorageType::kInt64}),
      "-9223372036854775808");
  EXPECT_EQ(round_trip(Value::of_real(HUGE_VAL), {.storage = StorageType::kFloat64}), "real inf");
  EXPECT_EQ(round_trip(Value::of_text(StorageType::kDecimal, "-0.10"), {.storage = StorageType::kDecimal}),
            "decimal -0.10");
  EXPECT_EQ(round_trip(Value::of_text(std::string("a\0\xC3\xA4", 4)), {.storage = StorageType::kText}),
            std::string("a\0\xC3\xA4", 4));
  EXPECT_EQ(round_trip(Value::of_integer(StorageType::kTimestampUtc, 1'700'000'000'000'042),
                       {.storage = StorageType::kTimestampUtc}),
            "utc 1700000000000042");
  EXPECT_EQ(
      round_trip(Value::of_interval({.days = -1, .microseconds = -5}), {.storage = StorageType::kInterval}),
      "interval -1d -5");
  EXPECT_EQ(round_trip(Value::of_uuid({0xAB}), {.storage = StorageType::kUuid}),
            "uuid ab000000-0000-0000-0000-000000000000");
  EXPECT_EQ(round_trip(Value::null(StorageType::kJson), {.storage = StorageType::kJson}), "NULL");
}

TEST_F(StoredForms, ArraysHoldEveryScalar) {
  const auto array = [&](StorageType element, std::vector<Value> members) {
    members.push_back(Value::null(element));
    return round_trip(Value::of_array(element, std::move(members)),
                      {.storage = StorageType::kArray, .element = element});
  };
  EXPECT_EQ(array(StorageType::kBool, {Value::of_bool(true)}), "array of 2|true|NULL|end");
  EXPECT_EQ(array(StorageType::kInt64, {Value::of_int64(std::numeric_limits<std::int64_t>::max())}),
            "array of 2|9223372036854775807|NULL|end");
  EXPECT_EQ(array(StorageType::kFloat64, {Value::of_real(3)}), "array of 2|real 3.000000|NULL|end");
  EXPECT_EQ(array(StorageType::kDecimal, {Value::of_text(StorageType::kDecimal, "1.20")}),
            "array of 2|decimal 1.20|NULL|end");
  EXPECT_EQ(array(StorageType::kText, {Value::of_text("a\"\n\\")}), "array of 2|a\"\n\\|NULL|end");
  EXPECT_EQ(array(StorageType::kBytes, {Value::of_text(StorageType::kBytes, "\xFF\x01")}),
            "array of 2|bytes \xFF\x01|NULL|end");
  EXPECT_EQ(array(StorageType::kDate, {Value::of_integer(StorageType::kDate, 5)}),
            "array of 2|date 5|NULL|end");
  EXPECT_EQ(array(StorageType::kTimestampUtc, {Value::of_integer(StorageType::kTimestampUtc, 5)}),
            "array of 2|utc 5|NULL|end");
  EXPECT_EQ(array(StorageType::kUuid, {Value::of_uuid({1})}),
            "array of 2|uuid 01000000-0000-0000-0000-000000000000|NULL|end");
  EXPECT_EQ(array(StorageType::kInterval, {Value::of_interval({.microseconds = 7})}),
            "array of 2|interval 0d 7|NULL|end");
  EXPECT_EQ(array(StorageType::kJson, {Value::of_text(StorageType::kJson, "[1]")}),
            "array of 2|json [1]|NULL|end");
}

TEST_F(StoredForms, WrongAffinityIsRefusedByNameAndTypeNotValue) {
  const Reply reply = session_.say("SELECT 'secret'", {}, {{.storage = StorageType::kInt32}});
  ASSERT_EQ(reply.code(), "decode");
  EXPECT_EQ(reply.error->message(), "column \"column_0\" holds a stored TEXT where int32 is expected");
  const std::vector<std::pair<const char*, std::vector<StorageType>>> wrong{
      {"1",
       {StorageType::kText, StorageType::kBytes, StorageType::kDate, StorageType::kUuid, StorageType::kJson,
        StorageType::kArray}},
      {"1.0",
       {StorageType::kBool, StorageType::kInt64, StorageType::kDecimal, StorageType::kText,
        StorageType::kInterval, StorageType::kTimestamp}},
      {"'1'",
       {StorageType::kBool, StorageType::kInt16, StorageType::kFloat64, StorageType::kBytes,
        StorageType::kUuid, StorageType::kInterval}},
      {"x'31'",
       {StorageType::kBool, StorageType::kInt64, StorageType::kDecimal, StorageType::kText,
        StorageType::kUuid, StorageType::kJson, StorageType::kInet}}};
  for (const auto& [expression, wrong_types] : wrong) {
    for (const StorageType type : wrong_types)
      EXPECT_EQ(read(expression, type), "decode") << expression << " as " << types::to_name(type);
  }
}

TEST_F(StoredForms, WrongFormsAreRefused) {
  EXPECT_NE(read("9007199254740992", StorageType::kFloat64), "decode");  // exact, as RETURNING gives it
  EXPECT_EQ(read("9007199254740993", StorageType::kFloat64), "decode");
  EXPECT_EQ(read("-9223372036854775808", StorageType::kFloat64), "decode");
  EXPECT_EQ(read("2", StorageType::kBool), "decode");
  EXPECT_EQ(read("32768", StorageType::kInt16), "decode");
  EXPECT_EQ(read("-32768", StorageType::kInt16), "-32768");
  EXPECT_EQ(read("2147483648", StorageType::kInt32), "decode");
  EXPECT_EQ(read("'1e5'", StorageType::kDecimal), "decode");
  EXPECT_EQ(read("'NaN'", StorageType::kDecimal), "decode");
  EXPECT_EQ(read("7", StorageType::kDecimal), "decimal 7");
  EXPECT_EQ(read("CAST(x'FF' AS TEXT)", StorageType::kText), "decode");
  EXPECT_EQ(read("'2023-02-30'", StorageType::kDate), "decode");
  EXPECT_EQ(read("'2023-02-03T00:00:00'", StorageType::kTimestamp), "decode");
  EXPECT_EQ(read("datetime(0, 'unixepoch')", StorageType::kTimestamp), "timestamp 0");
  EXPECT_EQ(read("'2023-02-03 00:00:00'", StorageType::kTimestampUtc), "decode");
  EXPECT_EQ(read("zeroblob(15)", StorageType::kUuid), "decode");
  EXPECT_EQ(read("'{'", StorageType::kJson), "decode");
  for (const char* text : {"'1'", "'[1'", "'[1.5]'", "'[[1]]'", "'[\"1\"]'", "'[1] x'", "'{}'"}) {
    EXPECT_EQ(session_
                  .say(std::string("SELECT ") + text, {},
                       {{.storage = StorageType::kArray, .element = StorageType::kInt64}})
                  .code(),
              "decode")
        << text;
  }
}

TEST_F(StoredForms, UnstorableValuesAreRefused) {
  EXPECT_EQ(stored(Value::of_real(std::nan(""))), "validation");
  EXPECT_EQ(stored(Value::of_text(StorageType::kDecimal, "NaN")), "validation");
  EXPECT_EQ(stored(Value::of_interval({.months = 1})), "validation");
  EXPECT_EQ(stored(Value::of_integer(StorageType::kDate, 3'000'000)), "validation");
  EXPECT_EQ(stored(Value::of_text("\xFF")), "validation");
  EXPECT_EQ(stored(Value::of_array(StorageType::kFloat64, {Value::of_real(std::nan(""))})), "validation");
}

TEST_F(StoredForms, DecimalsAreWrittenAtTheirColumnsScale) {
  auto insert = make_compiled("SELECT ?");
  insert->parameters.push_back(
      {.position = 0, .type = {.storage = StorageType::kDecimal, .precision = 10, .scale = 2}});
  EXPECT_EQ(session_.run(insert, {Value::of_text(StorageType::kDecimal, "5")}).joined(), "5.00");
}

TEST_F(StoredForms, ResultsNobodyDescribedComeByTheirFundamentalType) {
  EXPECT_EQ(session_.say("SELECT 1, 1.5, 'x', x'41', NULL").joined(), "1|real 1.500000|x|bytes A|NULL");
}

TEST_F(StoredForms, DecimalArithmeticIsExact) {
  EXPECT_EQ(session_
                .say("SELECT bridge_decimal_add('0.1', '0.2'), bridge_decimal_subtract(1, '0.9'), "
                     "bridge_decimal_multiply('1.5', '-2.05')")
                .joined(),
            "0.3|0.1|-3.075");
  EXPECT_EQ(session_
                .say("SELECT bridge_decimal_divide(1, 3), bridge_decimal_modulo('-7.5', 2), "
                     "bridge_decimal_negate('1.0')")
                .joined(),
            "0.33333333333333333333|-1.5|-1.0");
  EXPECT_EQ(session_.say("SELECT bridge_decimal_add(NULL, 1), bridge_decimal_negate(NULL)").joined(),
            "NULL|NULL");
  for (const char* bad : {"bridge_decimal_divide(1, 0)", "bridge_decimal_add(1, 1.5)",
                          "bridge_decimal_add('x', 1)", "bridge_decimal_negate(x'00')"}) {
    EXPECT_EQ(session_.say(std::string("SELECT ") + bad).code(), "data") << bad;
  }
}

TEST_F(StoredForms, DecimalColumnsSumAndSortByValue) {
  session_.say("CREATE TABLE prices (price TEXT COLLATE bridge_decimal)");
  EXPECT_EQ(session_.say("SELECT bridge_decimal_sum(price), bridge_decimal_avg(price) FROM prices").joined(),
            "NULL|NULL");
  session_.say("INSERT INTO prices VALUES ('10.00'), ('9.50'), ('-1.25'), (NULL), ('9.5'), ('100.00')");
  EXPECT_EQ(session_.say("SELECT bridge_decimal_sum(price), bridge_decimal_avg(price) FROM prices").joined(),
            "127.75|25.5500000000000000");
  EXPECT_EQ(session_
                .say("SELECT group_concat(price) FROM (SELECT DISTINCT price FROM prices WHERE price > '9' "
                     "ORDER BY price)")
                .joined(),
            "9.50,10.00,100.00");
  EXPECT_EQ(session_.say("SELECT max(price), min(price) FROM prices").joined(), "100.00|-1.25");
  session_.say("INSERT INTO prices VALUES ('not a number')");
  EXPECT_EQ(session_.say("SELECT bridge_decimal_sum(price) FROM prices").code(), "data");
}

}  // namespace
}  // namespace bridge::sqlite
