// The question for a server's role, answered honestly, late, brokenly, or not at all.
#include "engine/databases/postgres/wire/role_question.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/databases/postgres/wire/constants.h"

namespace bridge::postgres::wire {
namespace {

std::string message(Backend type, std::string_view body) {
  ByteWriter writer;
  writer.write_byte(static_cast<std::uint8_t>(type));
  writer.write_big_endian(static_cast<std::int32_t>(body.size() + kLengthSize));
  writer.write_text(body);
  return std::string(to_text(writer.view()));
}

std::string row(const std::vector<std::string>& cells) {
  ByteWriter writer;
  writer.write_big_endian(static_cast<std::int16_t>(cells.size()));
  for (const std::string& cell : cells) {
    writer.write_big_endian(cell == "NULL" ? kNullLength : static_cast<std::int32_t>(cell.size()));
    if (cell != "NULL") writer.write_text(cell);
  }
  return message(Backend::kDataRow, to_text(writer.view()));
}

const std::string kDescription = message(Backend::kRowDescription, "never read");
const std::string kEnd =
    message(Backend::kCommandComplete, std::string("SELECT 1\0", 9)) + message(Backend::kReady, "I");

/// What the answer says, or the error's name; fed in pieces of the given size.
std::string play(const std::string& stream, std::size_t piece = 1'000) {
  RoleQuestion question;
  ByteWriter out;
  EXPECT_TRUE(question.begin(out).has_value());
  EXPECT_EQ(out.view()[0], static_cast<std::byte>(Frontend::kQuery));
  std::size_t start = 0;
  for (std::size_t end = piece; start < stream.size(); end += piece) {
    const auto action =
        question.on_bytes(to_bytes(stream).first(std::min(end, stream.size())).subspan(start));
    if (!action) return std::string(to_name(action.error().code()));
    start += action->consumed;
    if (action->kind == driver::NextAction::Kind::kDone) {
      const ServerRole role = question.role();
      return std::string(role.is_standby ? "standby" : "primary") + (role.is_read_only ? " read-only" : "");
    }
    if (end > stream.size()) break;
  }
  return "waiting";
}

TEST(RoleQuestion, ReadsTheRole) {
  EXPECT_EQ(play(kDescription + row({"f", "off"}) + kEnd), "primary");
  EXPECT_EQ(play(kDescription + row({"f", "on"}) + kEnd), "primary read-only");
  EXPECT_EQ(play(kDescription + row({"t", "off"}) + kEnd), "standby read-only");
  EXPECT_EQ(play(kDescription + row({"t", "off"}) + kEnd, 1), "standby read-only");
}

TEST(RoleQuestion, LooksPastWhatComesBetween) {
  const std::string setting = message(Backend::kParameterStatus, std::string("a\0b\0", 4));
  EXPECT_EQ(play(setting + kDescription + setting + row({"f", "off"}) + setting + kEnd), "primary");
}

TEST(RoleQuestion, WaitsForTheEnd) {
  EXPECT_EQ(play(""), "waiting");
  EXPECT_EQ(play(kDescription + row({"f", "off"})), "waiting");
}

TEST(RoleQuestion, RefusesAnswersToOtherQuestions) {
  for (const std::string& stream :
       {kDescription + kEnd, row({"f"}) + kEnd, row({"f", "off", "x"}) + kEnd, row({"NULL", "off"}) + kEnd,
        row({"f", "NULL"}) + kEnd, row({"f", "off"}) + row({"f", "off"}) + kEnd,
        message(Backend::kAuthentication, std::string(4, '\0'))}) {
    EXPECT_EQ(play(stream), "connection_lost");
  }
}

TEST(RoleQuestion, PassesOnWhatTheServerReported) {
  const std::string fields("SERROR\0C57P01\0Mgoing down\0\0", 28);
  EXPECT_EQ(play(message(Backend::kError, fields)), "connection_lost");
  const std::string denied("SERROR\0C42501\0Mno\0\0", 19);
  EXPECT_EQ(play(message(Backend::kError, denied)), "privilege");
}

}  // namespace
}  // namespace bridge::postgres::wire
