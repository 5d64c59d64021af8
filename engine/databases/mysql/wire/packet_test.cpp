// Packets cut anywhere, long ones in several parts, and counts of every width.
#include "engine/databases/mysql/wire/packet.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge::mysql::wire {
namespace {

constexpr std::size_t kCap = std::size_t{64} * 1024 * 1024;

std::vector<std::byte> framed(std::string_view payload, std::uint8_t sequence) {
  ByteWriter out;
  PacketWriter packet(out, sequence);
  out.write_text(payload);
  EXPECT_TRUE(packet.finish());
  return out.take();
}

TEST(MysqlPacket, ComesWholeOrNotAtAll) {
  const auto bytes = framed("hello", 3);
  EXPECT_EQ(bytes.size(), kHeaderSize + 5);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    PacketReader reader;
    reader.expect_sequence(3);
    const auto packet = reader.next(ByteSpan(bytes).first(cut), kCap);
    ASSERT_TRUE(packet);
    EXPECT_FALSE(packet->has_value()) << cut;
    EXPECT_EQ(reader.sequence(), 3);
  }
  PacketReader reader;
  reader.expect_sequence(3);
  const auto packet = reader.next(bytes, kCap);
  ASSERT_TRUE(packet && packet->has_value());
  EXPECT_EQ(to_text((*packet)->payload), "hello");
  EXPECT_EQ((*packet)->size, bytes.size());
  EXPECT_EQ(reader.sequence(), 4);
}

TEST(MysqlPacket, GoesOnInTheNextWhenItIsFull) {
  for (const std::size_t size : {kFullPacket - 1, kFullPacket, kFullPacket + 1, 2 * kFullPacket}) {
    std::string text(size, 'a');
    text.back() = 'z';
    const auto bytes = framed(text, 255);
    const std::size_t parts = size / kFullPacket + 1;
    EXPECT_EQ(bytes.size(), size + parts * kHeaderSize);
    PacketReader reader;
    reader.expect_sequence(255);
    const auto packet = reader.next(bytes, kCap);
    ASSERT_TRUE(packet && packet->has_value()) << size;
    EXPECT_TRUE(to_text((*packet)->payload) == text) << size;
    EXPECT_EQ((*packet)->size, bytes.size());
    EXPECT_EQ(reader.sequence(), static_cast<std::uint8_t>(255 + parts)) << "the count begins anew after 255";
  }
}

TEST(MysqlPacket, IsRefusedOutOfTurnOrBeyondTheCap) {
  PacketReader reader;
  reader.expect_sequence(1);
  EXPECT_EQ(reader.next(framed("x", 2), kCap).error().code(), ErrorCode::kConnectionLost);
  const auto head_only = framed("four", 1);
  EXPECT_EQ(reader.next(ByteSpan(head_only).first(kHeaderSize), 3).error().code(), ErrorCode::kConnectionLost)
      << "a claimed length is judged before its bytes are there";
}

TEST(MysqlPacket, CountsHaveTheShortestForm) {
  constexpr std::pair<std::uint64_t, std::size_t> kCounts[] = {
      {0, 1},       {250, 1},      {251, 3},       {0xFFFF, 3},
      {0x10000, 4}, {0xFFFFFF, 4}, {0x1000000, 9}, {~std::uint64_t{0}, 9}};
  for (const auto& [count, size] : kCounts) {
    ByteWriter out;
    write_length(out, count);
    EXPECT_EQ(out.size(), size) << count;
    ByteReader reader(out.view());
    EXPECT_EQ(read_length(reader), count);
    EXPECT_TRUE(reader.is_at_end());
    for (std::size_t cut = 0; cut < size; ++cut) {
      ByteReader truncated(out.view().first(cut));
      read_length(truncated);
      EXPECT_TRUE(truncated.has_failed()) << count << " cut at " << cut;
    }
  }
}

TEST(MysqlPacket, NoStringReachesBeyondItsPacket) {
  ByteWriter out;
  write_counted(out, "abc");
  ByteReader whole(out.view());
  EXPECT_EQ(to_text(read_counted(whole)), "abc");
  ByteReader cut(out.view().first(3));
  EXPECT_TRUE(read_counted(cut).empty());
  EXPECT_TRUE(cut.has_failed());
  for (const char* wrong : {"\xFB", "\xFF\x01\x01", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"}) {
    ByteReader reader(to_bytes(wrong));
    EXPECT_TRUE(read_counted(reader).empty());
    EXPECT_TRUE(reader.has_failed()) << "NULL, no count, or more than there is";
  }
}

}  // namespace
}  // namespace bridge::mysql::wire
