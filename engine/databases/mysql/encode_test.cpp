// What is refused before it is sent, as the server would change it.
#include "engine/databases/mysql/encode.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bridge::mysql {
namespace {

Status send(types::StorageType type, std::string text) {
  types::Value value;
  value.type = type;
  value.is_null = false;
  value.text = std::move(text);
  ByteWriter out;
  auto sent = write_execute(out, 1, 0, std::span(&value, 1));
  return sent ? Status() : Status(std::move(sent).error());
}

std::string digits(std::size_t count) { return std::string(count, '7'); }

TEST(MysqlEncode, DecimalsWithinTheServersDigitsAreSent) {
  for (const std::string& number :
       {digits(35), "-" + digits(35), "0." + digits(30), digits(35) + "." + digits(30), std::string("0"),
        std::string("0.0"), std::string("-0.5"), "0000" + digits(35),
        digits(1) + "." + digits(30) + std::string(9, '0')})
    EXPECT_TRUE(send(types::StorageType::kDecimal, number)) << number;
}

TEST(MysqlEncode, DecimalsTheServerWouldCutAreRefused) {
  for (const std::string& number :
       {digits(36), "-" + digits(36) + ".5", "0." + digits(31), "0." + std::string(30, '0') + "1",
        std::string("NaN"), std::string("-Infinity")}) {
    const Status sent = send(types::StorageType::kDecimal, number);
    ASSERT_FALSE(sent) << number;
    EXPECT_EQ(sent.error().code(), ErrorCode::kDataRejected);
  }
}

TEST(MysqlEncode, MomentsAreSpelledWithAllTheirDigits) {
  constexpr std::int64_t kDaysToYear99 = -683'368;  // from 1970-01-01 to 0099-01-01
  std::vector<types::Value> values;
  values.push_back(types::Value::of_integer(types::StorageType::kDate, kDaysToYear99));
  values.push_back(types::Value::of_integer(types::StorageType::kTimestampUtc, 1));
  values.push_back(types::Value::of_integer(types::StorageType::kInt64, 1));
  ASSERT_TRUE(spell_moments(values));
  EXPECT_EQ(values[0].text, "0099-01-01");
  EXPECT_EQ(values[1].text, "1970-01-01 00:00:00.000001");
  EXPECT_EQ(values[1].type, types::StorageType::kText);
  EXPECT_EQ(values[2].type, types::StorageType::kInt64);
}

TEST(MysqlEncode, WholeNumbersInDocumentsHaveSixtyFourBits) {
  EXPECT_TRUE(
      send(types::StorageType::kJson, R"({"a": [18446744073709551615, -9223372036854775808, 1e300]})"));
  EXPECT_TRUE(send(types::StorageType::kJson, R"({"99999999999999999999": "\"99999999999999999999"})"));
  EXPECT_FALSE(send(types::StorageType::kJson, R"([18446744073709551616])"));
  EXPECT_FALSE(send(types::StorageType::kJson, R"({"a": -9223372036854775809})"));
}

}  // namespace
}  // namespace bridge::mysql
