// Values to wire bytes and back without a server, and every decoder against bytes it did not expect.
#include "engine/databases/postgres/type_map.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "engine/databases/postgres/decode.h"
#include "engine/databases/postgres/encode.h"
#include "engine/databases/postgres/inet_text.h"
#include "engine/databases/postgres/numeric.h"
#include "engine/databases/postgres/testing/session_fixture.h"
#include "engine/databases/postgres/type_oids.h"

namespace bridge::postgres {
namespace {

using types::StorageType;
using types::Value;

std::string numeric_again(std::string_view text) {
  ByteWriter writer;
  const Status written = encode_numeric(text, writer);
  if (!written) return std::string(to_name(written.error().code()));
  std::string spelled;
  const Status read = decode_numeric(writer.view(), spelled);
  return read ? spelled : std::string(to_name(read.error().code()));
}

TEST(Numeric, KeepsEveryDigit) {
  for (const std::string text :
       {"0", "0.00", "1", "-1", "10", "9999", "10000", "10001", "99999999", "100000000", "0.1", "0.0001",
        "0.00001", "0.000000001", "-12340.00560", "123456789012345678901234567890.123456789", "NaN",
        "Infinity", "-Infinity"}) {
    EXPECT_EQ(numeric_again(text), text);
  }
  EXPECT_EQ(numeric_again("0001.50"), "1.50");
  const std::string longest = "1" + std::string(131'071, '7') + "." + std::string(16'383, '3');
  EXPECT_EQ(numeric_again(longest), longest);
}

TEST(Numeric, RoundTripsAnyDigits) {
  std::mt19937 generator(3);  // any seed: the property holds for all
  for (int round = 0; round < 20'000; ++round) {
    std::string text = generator() % 2 == 0 ? "-" : "";
    text.push_back(static_cast<char>('1' + generator() % 9));
    for (std::size_t left = generator() % 20; left > 0; --left)
      text.push_back(static_cast<char>('0' + generator() % 10));
    if (const std::size_t scale = generator() % 12; scale > 0) {
      text.push_back('.');
      for (std::size_t left = scale; left > 0; --left)
        text.push_back(static_cast<char>('0' + generator() % 10));
    }
    ASSERT_EQ(numeric_again(text), text);
  }
}

TEST(Numeric, RefusesWhatIsNoPlainDecimal) {
  for (const std::string_view text :
       {"", "-", ".", "1.", ".5", "1e5", "+1", " 1", "1 ", "0x1", "--1", "1.2.3", "inf", "nan"}) {
    EXPECT_EQ(numeric_again(text), "data") << text;
  }
  EXPECT_EQ(numeric_again(std::string(131'073, '1')), "data");
  EXPECT_EQ(numeric_again("0." + std::string(16'384, '1')), "data");
}

std::string inet_again(std::string_view text, bool is_cidr = false) {
  ByteWriter writer;
  if (!encode_inet(text, is_cidr, writer)) return "refused";
  std::string spelled;
  return decode_inet(writer.view(), spelled) ? spelled : "malformed";
}

TEST(Inet, KeepsAddressesInCanonicalForm) {
  EXPECT_EQ(inet_again("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(inet_again("192.0.2.1/32"), "192.0.2.1");
  EXPECT_EQ(inet_again("192.0.2.1/24"), "192.0.2.1/24");
  EXPECT_EQ(inet_again("10.0.0.0/8", true), "10.0.0.0/8");
  EXPECT_EQ(inet_again("10.0.0.1", true), "10.0.0.1/32");
  EXPECT_EQ(inet_again("::"), "::");
  EXPECT_EQ(inet_again("::1"), "::1");
  EXPECT_EQ(inet_again("1::"), "1::");
  EXPECT_EQ(inet_again("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(inet_again("2001:db8:0:1:1:1:1:1/64"), "2001:db8:0:1:1:1:1:1/64");
  EXPECT_EQ(inet_again("::ffff:1.2.3.4"), "::ffff:102:304");
}

TEST(Inet, RefusesOtherText) {
  for (const std::string_view text : {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4/33", "1.2.3.4/",
                                      "1.2.3.4/-1", "01234.1.1.1", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1/129", "1.2.3.4 "}) {
    EXPECT_EQ(inet_again(text), "refused") << text;
  }
  EXPECT_EQ(inet_again("10.0.0.1/8", true), "refused");
}

struct Known {
  std::uint32_t oid;
  StorageType storage;
};

std::vector<Known> known_readings() {
  std::vector<Known> all;
  for (std::uint32_t oid = 1; oid < 4'000; ++oid) {
    for (int storage = 0; storage <= static_cast<int>(StorageType::kInet); ++storage) {
      const auto type = static_cast<StorageType>(storage);
      if (find_decoder(oid, type) != nullptr) all.push_back({oid, type});
    }
  }
  return all;
}

TEST(TypeMap, NeverNarrows) {
  const auto can = [](Oid oid, StorageType type) {
    return find_decoder(static_cast<std::uint32_t>(oid), type) != nullptr;
  };
  EXPECT_TRUE(can(Oid::kInt2, StorageType::kInt64));
  EXPECT_TRUE(can(Oid::kInt4, StorageType::kDecimal));
  EXPECT_FALSE(can(Oid::kInt8, StorageType::kInt32));
  EXPECT_FALSE(can(Oid::kInt8, StorageType::kFloat64));
  EXPECT_FALSE(can(Oid::kFloat8, StorageType::kInt64));
  EXPECT_FALSE(can(Oid::kNumeric, StorageType::kFloat64));
  EXPECT_FALSE(can(Oid::kTimestamp, StorageType::kTimestampUtc));
  EXPECT_FALSE(can(Oid::kTimestampTz, StorageType::kTimestamp));
  EXPECT_FALSE(can(Oid::kBytea, StorageType::kText));
  EXPECT_FALSE(can(Oid::kText, StorageType::kUuid));
}

TEST(TypeMap, DecodersSurviveAnyBytes) {
  std::mt19937 generator(5);  // any seed: the property holds for all
  const auto readings = known_readings();
  ASSERT_GT(readings.size(), 30U);
  for (int round = 0; round < 40'000; ++round) {
    const Known& known = readings[generator() % readings.size()];
    std::vector<std::byte> bytes(generator() % 40);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(generator() % (round % 2 == 0 ? 256 : 3));
    driver::ResultColumn column;
    column.wire_type = known.oid;
    column.type.storage = known.storage;
    testing::SpellingVisitor visitor;
    const driver::Cell cell{bytes.data(), static_cast<std::int32_t>(bytes.size())};
    const Status read = find_decoder(known.oid, known.storage)(cell, column, visitor);
    EXPECT_EQ(read.has_value(), !visitor.text.empty());
    if (!read) {
      EXPECT_EQ(read.error().code(), ErrorCode::kDecode);
    }
  }
}

std::string decode_array_bytes(std::string_view bytes) {
  driver::ResultColumn column;
  column.wire_type = 1007;
  column.type.storage = StorageType::kArray;
  column.type.element = StorageType::kInt32;
  testing::SpellingVisitor visitor;
  const ByteSpan span = to_bytes(bytes);
  const Status read = decode_array({span.data(), static_cast<std::int32_t>(span.size())}, column, visitor);
  return read ? visitor.text : std::string(to_name(read.error().code()));
}

template <std::size_t kSize>
std::string_view raw(const char (&text)[kSize]) {
  return {text, kSize - 1};
}

TEST(Array, ReadsOneDimensionAndRefusesLies) {
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\7")), "[1 7 ]");
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\0\0\0\0\0\0\0\0\x17")), "[0 ]");
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\7\0\0\0\0\0\0\0\x17")), "decode");  // seven dimensions
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\7")),
            "decode");  // another element type
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x17\x7F\xFF\xFF\xFF\0\0\0\1\0\0\0\4\0\0\0\7")),
            "decode");  // 2^31 elements
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x17\xFF\xFF\xFF\xFF\0\0\0\1")), "decode");
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\5\0\0\0\7")),
            "decode");  // element past the end
  EXPECT_EQ(decode_array_bytes(raw("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\7x")),
            "decode");  // bytes left over
}

TEST(Encode, RefusesMismatches) {
  const auto code = [](const Value& value, Oid oid) {
    ByteWriter writer;
    const Status written = encode_value(value, static_cast<std::uint32_t>(oid), writer);
    return written ? "ok" : std::string(to_name(written.error().code()));
  };
  EXPECT_EQ(code(Value::of_int64(1), Oid::kInt2), "ok");
  EXPECT_EQ(code(Value::of_int64(32'768), Oid::kInt2), "data");
  EXPECT_EQ(code(Value::of_int64((std::int64_t{1} << 53) + 1), Oid::kFloat8), "data");
  EXPECT_EQ(code(Value::of_int64(1), Oid::kText), "data");
  EXPECT_EQ(code(Value::of_bool(true), Oid::kInt4), "data");
  EXPECT_EQ(code(Value::of_real(1e300), Oid::kFloat4), "data");
  EXPECT_EQ(code(Value::of_text(std::string("a\0b", 3)), Oid::kText), "data");
  EXPECT_EQ(code(Value::of_text("1"), Oid::kInt4), "data");
  EXPECT_EQ(code(Value::of_integer(StorageType::kTimestamp, 0), Oid::kTimestampTz), "data");
  EXPECT_EQ(code(Value::of_integer(StorageType::kTime, 86'400'000'000), Oid::kTime), "data");
  EXPECT_EQ(code(Value::of_integer(StorageType::kDate, INT64_MAX), Oid::kDate), "data");
  EXPECT_EQ(code(Value::of_text(StorageType::kJson, "1"), Oid::kText), "data");
}

}  // namespace
}  // namespace bridge::postgres
