// Wire bytes: order, limits, and what happens past the end.
#include "engine/base/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge {
namespace {

TEST(Bytes, NarrowingNeverWraps) {
  std::uint8_t small = 7;
  EXPECT_TRUE(narrow(255, small));
  EXPECT_EQ(small, 255);
  EXPECT_FALSE(narrow(256, small));
  EXPECT_FALSE(narrow(-1, small));
  EXPECT_EQ(small, 255);
  std::int32_t length = 0;
  EXPECT_FALSE(narrow(std::size_t{1} << 31, length));
  EXPECT_TRUE(narrow((std::size_t{1} << 31) - 1, length));
}

TEST(Bytes, IntegersAreBigEndian) {
  ByteWriter writer;
  writer.write_big_endian(std::int16_t{-2});
  writer.write_big_endian(std::uint32_t{0x01020304});
  writer.write_big_endian(std::int64_t{-1});
  writer.write_byte(9);
  EXPECT_EQ(to_text(writer.view()),
            std::string_view("\xFF\xFE\x01\x02\x03\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x09", 15));
  ByteReader reader(writer.view());
  EXPECT_EQ(reader.read_big_endian<std::int16_t>(), -2);
  EXPECT_EQ(reader.read_big_endian<std::uint32_t>(), 0x01020304U);
  EXPECT_EQ(reader.read_big_endian<std::int64_t>(), -1);
  EXPECT_EQ(reader.read_byte(), 9);
  EXPECT_TRUE(reader.is_at_end());
}

TEST(Bytes, ReadingPastTheEndFailsForGood) {
  ByteReader reader(to_bytes("abc"));
  EXPECT_EQ(reader.read_big_endian<std::int32_t>(), 0);
  EXPECT_TRUE(reader.has_failed());
  EXPECT_EQ(reader.read_byte(), 0);
  EXPECT_TRUE(reader.read_bytes(1).empty());
  EXPECT_TRUE(reader.read_rest().empty());
  EXPECT_EQ(reader.read_c_string(), "");
  EXPECT_FALSE(reader.is_at_end());
}

TEST(Bytes, HugeSizesAreRefusedWithoutOverflow) {
  ByteReader reader(to_bytes("abc"));
  reader.read_byte();
  EXPECT_TRUE(reader.read_bytes(std::numeric_limits<std::size_t>::max()).empty());
  EXPECT_TRUE(reader.has_failed());
}

TEST(Bytes, TextEndsAtItsNul) {
  ByteWriter writer;
  writer.write_c_string("one");
  writer.write_c_string("");
  writer.write_text("open");
  ByteReader reader(writer.view());
  EXPECT_EQ(reader.read_c_string(), "one");
  EXPECT_EQ(reader.read_c_string(), "");
  EXPECT_EQ(reader.read_c_string(), "");
  EXPECT_TRUE(reader.has_failed());
}

TEST(Bytes, LengthsAreFilledInLater) {
  ByteWriter writer;
  writer.write_byte('Q');
  const std::size_t place = writer.reserve_length();
  writer.write_c_string("hi");
  ASSERT_TRUE(writer.fill_length(place, 0));
  EXPECT_EQ(to_text(writer.view()), std::string_view("Q\0\0\0\x07hi\0", 8));
  ASSERT_TRUE(writer.fill_length(place, sizeof(std::int32_t)));
  EXPECT_EQ(load_big_endian<std::int32_t>(writer.view().data() + place), 3);
  writer.truncate(1);
  EXPECT_EQ(writer.size(), 1U);
  EXPECT_EQ(writer.take().size(), 1U);
  EXPECT_EQ(writer.size(), 0U);
}

}  // namespace
}  // namespace bridge
