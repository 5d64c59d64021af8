// Answers of a server, cut anywhere: each reaches the command that awaits it, and nothing else passes.
#include "engine/databases/mysql/wire/replies.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge::mysql::wire {
namespace {

std::string packet(std::uint8_t sequence, std::string_view payload) {
  ByteWriter out;
  PacketWriter writer(out, sequence);
  out.write_text(payload);
  EXPECT_TRUE(writer.finish());
  return std::string(to_text(out.view()));
}

std::string column(std::string_view name, FieldType type) {
  ByteWriter out;
  for (const std::string_view part : {std::string_view("def"), {}, {}, {}, name, {}})
    write_counted(out, part);
  write_length(out, 12);
  out.write_little_endian(std::uint16_t{45});
  out.write_little_endian(std::uint32_t{11});
  out.write_byte(static_cast<std::uint8_t>(type));
  out.write_little_endian(std::uint16_t{0});
  out.write_byte(0);
  out.write_little_endian(std::uint16_t{0});
  return std::string(to_text(out.view()));
}

std::string prepared(std::uint16_t columns, std::uint16_t parameters) {
  ByteWriter out;
  out.write_byte(0);
  out.write_little_endian(std::uint32_t{7});
  out.write_little_endian(columns);
  out.write_little_endian(parameters);
  out.write_text(std::string(3, '\0'));
  return std::string(to_text(out.view()));
}

const std::string kOk{"\0\5\0\2\0\0\0", 7};
const std::string kEnd{"\xFE\0\0\2\0\0\0", 7};
const std::string kFailure = "\xFF\x26\x04#23000Duplicate entry";
const std::string kRow{"\0\0\x2A\0\0\0\2ab", 9};  // 42, "ab"
const std::string kNullRow{"\0\x04\2cd", 5};      // NULL, "cd"

/// Writes down what it is told.
class Diary final : public ReplyObserver {
 public:
  std::string text;

  Status on_prepared(Tag tag, const PreparedHeader& header) override {
    text += std::to_string(tag) + ":prepared " + std::to_string(header.statement) + ";";
    return {};
  }
  Status on_columns(Tag tag, std::span<const ColumnDescription> columns) override {
    text += std::to_string(tag) + ":columns";
    for (const ColumnDescription& described : columns) text += " " + std::string(described.name);
    text += ";";
    return {};
  }
  Status on_rows(Tag, std::span<const driver::Cell> cells) override {
    for (const driver::Cell& cell : cells) {
      rows += cell.is_null() ? "NULL" : std::string(to_text(cell.span()));
      rows += "|";
    }
    return {};
  }
  Status on_ended(Tag tag, const Ending& ending) override {
    text += std::to_string(tag) + ":ended " + std::to_string(ending.affected_rows) + ";";
    return {};
  }
  Status on_failed(Tag tag, driver::ServerError report) override {
    text += std::to_string(tag) + ":failed " + report.routine + ";";
    return {};
  }

  std::string rows;
};

RowShape shape() {
  return std::make_shared<const std::vector<FieldType>>(std::vector{FieldType::kLong, FieldType::kVarString});
}

/// Four commands under way: prepare, execute, a query, a ping.
void write_commands(Replies& replies) {
  ByteWriter out;
  ASSERT_TRUE(replies.prepare(out, 1, "SELECT a, b FROM t WHERE c = ?"));
  replies.expect_execute(2, nullptr, 1);
  ASSERT_TRUE(replies.query(out, 3, "BEGIN"));
  ASSERT_TRUE(replies.ping(out, 4));
}

std::string answers() {
  const std::string definitions = packet(2, column("?", FieldType::kVarString)) +
                                  packet(3, column("a", FieldType::kLong)) +
                                  packet(4, column("b", FieldType::kVarString));
  const std::string result = packet(1, "\2") + packet(2, column("a", FieldType::kLong)) +
                             packet(3, column("b", FieldType::kVarString)) + packet(4, kRow) +
                             packet(5, kNullRow) + packet(6, kEnd);
  return packet(1, prepared(2, 1)) + definitions + result + packet(1, kOk) + packet(1, kFailure);
}

const std::string kStory =
    "1:prepared 7;1:columns a b;1:ended 0;2:columns a b;2:ended 0;3:ended 5;4:failed 1062;";
const std::string kCells{"\x2A\0\0\0|ab|NULL|cd|", 16};

TEST(MysqlReplies, ReachWhoAwaitsThem) {
  const std::string stream = answers();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Diary diary;
    Replies replies(diary, {});
    write_commands(replies);
    const auto first = replies.receive(to_bytes(stream.substr(0, cut)));
    ASSERT_TRUE(first) << cut << first.error().message();
    const auto second = replies.receive(to_bytes(stream.substr(*first)));
    ASSERT_TRUE(second) << cut;
    EXPECT_EQ(*first + *second, stream.size());
    EXPECT_EQ(diary.text, kStory) << cut;
    EXPECT_EQ(diary.rows, kCells) << cut;
    EXPECT_TRUE(replies.is_idle());
  }
}

TEST(MysqlReplies, LeaveOutColumnsThatAreKnown) {
  Diary diary;
  Replies replies(diary, {.has_cached_metadata = true});
  replies.expect_execute(1, shape(), 1);
  const std::string stream = packet(1, std::string("\2\0", 2)) + packet(2, kRow) + packet(3, kEnd);
  ASSERT_TRUE(replies.receive(to_bytes(stream)));
  EXPECT_EQ(diary.text, "1:ended 0;");
  EXPECT_EQ(diary.rows, std::string("\x2A\0\0\0|ab|", 8));
}

TEST(MysqlReplies, FailAmongRows) {
  Diary diary;
  Replies replies(diary, {});
  ByteWriter out;
  ASSERT_TRUE(replies.fetch(out, 1, 7, 100, shape()));
  ASSERT_TRUE(replies.ping(out, 2));
  ASSERT_TRUE(replies.receive(to_bytes(packet(1, kRow) + packet(2, kFailure) + packet(1, kOk))));
  EXPECT_EQ(diary.text, "1:failed 1062;2:ended 5;");
}

TEST(MysqlReplies, RefuseWhatBreaksTheProtocol) {
  const auto refuses = [](const std::string& stream, RowShape known = nullptr) {
    Diary diary;
    Replies replies(diary, {});
    replies.expect_execute(1, std::move(known), 1);
    const auto taken = replies.receive(to_bytes(stream));
    return !taken && taken.error().code() == ErrorCode::kConnectionLost;
  };
  EXPECT_TRUE(refuses(packet(1, "\xFB/etc/passwd"))) << "a file of ours";
  EXPECT_TRUE(refuses(packet(2, kOk))) << "out of turn";
  EXPECT_TRUE(refuses(packet(1, ""))) << "empty";
  EXPECT_TRUE(refuses(packet(1, std::string("\0\0", 2)))) << "truncated";
  EXPECT_TRUE(refuses(packet(1, std::string("\0\0\0\x0A\0\0\0", 7)))) << "a second result";
  EXPECT_TRUE(refuses(packet(1, "\xFC\xFF\xFF"))) << "columns without end";
  EXPECT_TRUE(refuses(packet(1, "\1") + packet(2, "nonsense"))) << "no column";
  EXPECT_TRUE(refuses(packet(1, kOk) + packet(1, kOk))) << "an answer too many";
  const std::string head = packet(1, "\1") + packet(2, column("a", FieldType::kLong));
  EXPECT_TRUE(refuses(head + packet(3, std::string("\0\0\x2A", 3)))) << "a cut cell";
  EXPECT_TRUE(refuses(head + packet(3, std::string("\0\0\x2A\0\0\0\1", 7)))) << "bytes behind the last cell";
  EXPECT_TRUE(refuses(head + packet(3, "\1row"))) << "no row";
}

TEST(MysqlReplies, ReadRowsOfSeveralPackets) {
  Diary diary;
  Replies replies(diary, {});
  const std::string text(kFullPacket, 'x');
  ByteWriter row;
  row.write_text(std::string("\0\0\x2A\0\0\0", 6));
  write_counted(row, text);
  ByteWriter big;
  PacketWriter writer(big, std::uint8_t{1});
  big.write_bytes(row.view());
  ASSERT_TRUE(writer.finish());
  ByteWriter out;
  ASSERT_TRUE(replies.fetch(out, 1, 7, 100, shape()));
  const std::string stream = std::string(to_text(big.view())) + packet(3, kRow) + packet(4, kEnd);
  ASSERT_TRUE(replies.receive(to_bytes(stream)));
  EXPECT_TRUE(diary.rows == std::string("\x2A\0\0\0|", 5) + text + "|" + std::string("\x2A\0\0\0|ab|", 8));
}

}  // namespace
}  // namespace bridge::mysql::wire
