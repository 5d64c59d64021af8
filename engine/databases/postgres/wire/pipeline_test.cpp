// The extended query protocol without a server: every split of a dialogue gives the same events, every
// message out of place ends it.
#include "engine/databases/postgres/wire/pipeline.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace bridge::postgres::wire {
namespace {

/// Writes down what it is told.
class Recorder final : public PipelineObserver {
 public:
  std::string events;
  Status on_parameters(Tag tag, std::vector<std::uint32_t> types) override {
    return add("parameters", tag, types.size());
  }
  Status on_columns(Tag tag, std::span<const ColumnDescription> columns) override {
    return add("columns", tag, columns.size());
  }
  Status on_rows(Tag tag, std::span<const driver::Cell> cells) override {
    for (const driver::Cell& cell : cells)
      static_cast<void>(add(cell.is_null() ? "null" : std::string(to_text(cell.span())), tag, 0));
    return {};
  }
  Status on_complete(Tag tag, std::int64_t rows) override {
    return add("complete", tag, static_cast<std::size_t>(rows));
  }
  Status on_suspended(Tag tag) override { return add("suspended", tag, 0); }
  Status on_copy_ready(Tag tag) override { return add("copy", tag, 0); }
  Status on_failed(Tag tag, driver::ServerError report) override {
    return add("failed " + report.fields.sqlstate, tag, 0);
  }
  Status on_skipped(Tag tag) override { return add("skipped", tag, 0); }
  Status on_commit_failed(driver::ServerError report) override {
    return add("commit failed " + report.fields.sqlstate, 0, 0);
  }
  Status on_ready(TransactionStatus status) override {
    return add(std::string("ready ") + static_cast<char>(status), 0, 0);
  }
  void on_notice(driver::ServerError notice) override {
    static_cast<void>(add("notice " + notice.message, 0, 0));
  }

 private:
  Status add(const std::string& name, Tag tag, std::size_t count) {
    events += name + " " + std::to_string(tag) + " " + std::to_string(count) + "\n";
    return {};
  }
};

std::string message(Backend type, std::string_view body) {
  ByteWriter writer;
  writer.write_byte(static_cast<std::uint8_t>(type));
  writer.write_big_endian(static_cast<std::int32_t>(body.size() + kLengthSize));
  writer.write_text(body);
  return std::string(to_text(writer.view()));
}

template <std::size_t kSize>
std::string bytes(const char (&text)[kSize]) {
  return {text, kSize - 1};
}

std::string ready() { return message(Backend::kReady, "I"); }
std::string described() {
  return message(Backend::kParameterDescription, bytes("\0\1\0\0\0\x17")) +
         message(Backend::kRowDescription, bytes("\0\2a\0\0\0\0\0\0\0\0\0\0\x17\0\4\xFF\xFF\xFF\xFF\0\1b\0\0"
                                                 "\0\0\0\0\0\0\0\0\x19\xFF\xFF\xFF\xFF\xFF\xFF\0\1"));
}
std::string row() { return message(Backend::kDataRow, bytes("\0\2\0\0\0\1x\xFF\xFF\xFF\xFF")); }
std::string failure() { return message(Backend::kError, bytes("SERROR\0C22012\0Mdivision by zero\0\0")); }
std::string notice() { return message(Backend::kNotice, bytes("SNOTICE\0C00000\0Mhello\0\0")); }
std::string status() { return message(Backend::kParameterStatus, bytes("application_name\0x\0")); }

/// Three statements: one prepared and run, two under one Sync of which the first fails.
void ask(Pipeline& pipeline) {
  ByteWriter out;
  ASSERT_TRUE(pipeline.parse(out, 1, "s1", "select", {}));
  ASSERT_TRUE(pipeline.describe(out, 1, "s1"));
  pipeline.expect_bind(1);
  pipeline.execute(out, 1, 0);
  pipeline.sync(out);
  for (const Tag tag : {2, 3}) {
    pipeline.expect_bind(tag);
    pipeline.execute(out, tag, 2);
  }
  pipeline.sync(out);
}

std::string dialogue() {
  return message(Backend::kParseComplete, "") + notice() + described() + message(Backend::kBindComplete, "") +
         row() + row() + status() + message(Backend::kCommandComplete, bytes("SELECT 2\0")) + ready() +
         message(Backend::kBindComplete, "") + row() + failure() + ready() +
         message(Backend::kNotification, bytes("\0\0\0\1a\0b\0"));
}

constexpr std::string_view kEvents =
    "notice hello 0 0\nparameters 1 1\ncolumns 1 2\nx 1 0\nnull 1 0\nx 1 0\nnull 1 0\ncomplete 1 2\nready I "
    "0 0\n"
    "x 2 0\nnull 2 0\nfailed 22012 2 0\nskipped 3 0\nready I 0 0\n";

/// Feeds a stream in pieces, as a socket would; the name of the first error, or the events.
std::string play(std::string_view stream, const std::vector<std::size_t>& cuts) {
  Recorder recorder;
  Pipeline pipeline(recorder);
  ask(pipeline);
  std::size_t begin = 0;
  auto feed = [&](std::size_t end) -> Status {
    // A copy of exactly these bytes, so that reading beyond them is noticed by the sanitizers.
    const std::string part(stream.substr(begin, end - begin));
    BRIDGE_ASSIGN_OR_RETURN(const std::size_t used, pipeline.receive(to_bytes(part)));
    begin += used;
    return {};
  };
  for (const std::size_t cut : cuts) {
    const Status fed = feed(cut);
    if (!fed) return "error " + fed.error().message();
  }
  const Status fed = feed(stream.size());
  if (!fed) return "error " + fed.error().message();
  if (begin == stream.size() && !pipeline.is_idle()) recorder.events += "not idle\n";
  return recorder.events;
}

TEST(Pipeline, GivesTheSameEventsForEverySplit) {
  const std::string stream = dialogue();
  EXPECT_EQ(play(stream, {}), kEvents);
  std::vector<std::size_t> everywhere;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(play(stream, {cut}), kEvents) << cut;
    everywhere.push_back(cut);
  }
  EXPECT_EQ(play(stream, everywhere), kEvents);
}

TEST(Pipeline, EndsAtEveryMessageOutOfPlace) {
  // Every message doubled, dropped, or replaced at its place must be noticed before the dialogue's end, or
  // leave it unfinished.
  const std::vector<std::string> messages = {message(Backend::kParseComplete, ""),
                                             described(),
                                             message(Backend::kBindComplete, ""),
                                             row(),
                                             message(Backend::kCommandComplete, bytes("SELECT 1\0")),
                                             ready(),
                                             message(Backend::kBindComplete, ""),
                                             failure(),
                                             ready()};
  const auto joined = [&](std::size_t skip, std::size_t twice) {
    std::string stream;
    for (std::size_t index = 0; index < messages.size(); ++index) {
      if (index == skip) continue;
      stream += messages[index];
      if (index == twice) stream += messages[index];
    }
    return stream;
  };
  constexpr std::size_t kNone = 99;
  const std::string good = play(joined(kNone, kNone), {});
  EXPECT_NE(good.find("skipped 3"), std::string::npos);
  constexpr std::size_t kRow = 3;
  constexpr std::size_t kBindOfTheFailure = 6;
  for (std::size_t index = 0; index < messages.size(); ++index) {
    if (index == kRow) continue;  // a result has any number of rows
    const std::string dropped = play(joined(index, kNone), {});
    // A statement may fail at its Bind as well, so that one may be missing.
    const bool is_noticed = dropped.starts_with("error") || dropped.ends_with("not idle\n");
    EXPECT_EQ(is_noticed, index != kBindOfTheFailure) << index << "\n" << dropped;
    EXPECT_TRUE(play(joined(kNone, index), {}).starts_with("error")) << index;
  }
}

TEST(Pipeline, RefusesHostileMessages) {
  const std::string prefix =
      message(Backend::kParseComplete, "") + described() + message(Backend::kBindComplete, "");
  for (const std::string& hostile : {bytes("D\0\0\0\0"),
                                     bytes("D\0\0\0\3"),
                                     bytes("D\xFF\xFF\xFF\xFF"),
                                     bytes("D\x7F\xFF\xFF\xFF"),
                                     bytes("E\0\2\0\0"),
                                     bytes("?\0\0\0\4"),
                                     bytes("H\0\0\0\4"),
                                     bytes("W\0\0\0\4"),
                                     bytes("s\0\0\0\4"),
                                     bytes("G\0\0\0\7\0\0\0"),
                                     message(Backend::kDataRow, ""),
                                     message(Backend::kDataRow, bytes("\0\1\0\0\0\1x")),
                                     message(Backend::kDataRow, bytes("\0\2\0\0\0\1x")),
                                     message(Backend::kDataRow, bytes("\0\2\0\0\0\1x\0\0\0\2y")),
                                     message(Backend::kDataRow, bytes("\0\2\0\0\0\1x\x7F\xFF\xFF\xFF")),
                                     message(Backend::kDataRow, bytes("\0\2\0\0\0\1x\xFF\xFF\xFF\xFE")),
                                     message(Backend::kDataRow, bytes("\0\2\0\0\0\1x\xFF\xFF\xFF\xFFz")),
                                     message(Backend::kReady, "I"),
                                     message(Backend::kReady, "Q"),
                                     message(Backend::kAuthentication, bytes("\0\0\0\0")),
                                     message(Backend::kRowDescription, bytes("\0\0")),
                                     message(Backend::kCommandComplete, "SELECT 1"),
                                     message(Backend::kError, "SERROR"),
                                     message(Backend::kParameterStatus, bytes("client_encoding\0LATIN1\0")),
                                     message(Backend::kError, bytes("SFATAL\0VFATAL\0C57P01\0Mgone\0\0"))}) {
    EXPECT_TRUE(play(prefix + hostile, {}).starts_with("error")) << hostile;
  }
  EXPECT_TRUE(play(message(Backend::kParseComplete, "x"), {}).starts_with("error"));
  EXPECT_TRUE(play(message(Backend::kParseComplete, "") +
                       message(Backend::kParameterDescription, bytes("\0\2\0\0\0\1")),
                   {})
                  .starts_with("error"));
  EXPECT_TRUE(play(message(Backend::kParseComplete, "") +
                       message(Backend::kParameterDescription, bytes("\0\0")) +
                       message(Backend::kRowDescription, bytes("\0\1a\0\0\0")),
                   {})
                  .starts_with("error"));
}

TEST(Pipeline, JudgesDamagedStreamsAlikeForEverySplit) {
  const std::string stream = dialogue();
  std::mt19937 generator(7);  // any seed: the property holds for all
  std::size_t noticed = 0;
  for (int round = 0; round < 10'000; ++round) {
    std::string damaged = stream;
    for (int hit = 0; hit < 3; ++hit) damaged[generator() % damaged.size()] = static_cast<char>(generator());
    const std::string whole = play(damaged, {});
    ASSERT_EQ(play(damaged, {generator() % damaged.size()}), whole);
    if (whole != kEvents) ++noticed;
  }
  EXPECT_GT(noticed, 9'000U);
}

TEST(Pipeline, ReportsAFailedCommit) {
  Recorder recorder;
  Pipeline pipeline(recorder);
  ByteWriter out;
  pipeline.expect_bind(1);
  pipeline.execute(out, 1, 0);
  pipeline.sync(out);
  const std::string stream = message(Backend::kBindComplete, "") +
                             message(Backend::kCommandComplete, bytes("INSERT 0 1\0")) + failure() + ready();
  ASSERT_TRUE(pipeline.receive(to_bytes(stream)));
  EXPECT_EQ(recorder.events, "complete 1 1\ncommit failed 22012 0 0\nready I 0 0\n");
  EXPECT_TRUE(pipeline.is_idle());
}

TEST(Pipeline, RestsWhereAPortalIsSuspended) {
  Recorder recorder;
  Pipeline pipeline(recorder);
  ByteWriter out;
  pipeline.expect_bind(1);
  ASSERT_TRUE(pipeline.execute_part(out, 1, 2, {.portal = "p", .rows = 1}));
  pipeline.flush(out);
  const std::string suspended = message(Backend::kPortalSuspended, "");
  ASSERT_TRUE(pipeline.receive(to_bytes(message(Backend::kBindComplete, "") + row() + suspended)));
  EXPECT_TRUE(pipeline.is_idle());
  ASSERT_TRUE(pipeline.close_portal(out, 2, "p"));
  pipeline.sync(out);
  ASSERT_TRUE(pipeline.receive(to_bytes(message(Backend::kCloseComplete, "") + ready())));
  EXPECT_EQ(recorder.events, "x 1 0\nnull 1 0\nsuspended 1 0\nready I 0 0\n");
  pipeline.expect_bind(3);
  pipeline.execute(out, 3, 2);
  EXPECT_FALSE(pipeline.receive(to_bytes(message(Backend::kBindComplete, "") + suspended)))
      << "a run without a limit is never suspended";
}

TEST(Pipeline, WaitsForTheSyncThatABulkLoadOwes) {
  Recorder recorder;
  Pipeline pipeline(recorder);
  ByteWriter out;
  pipeline.expect_bind(1);
  pipeline.execute_copy(out, 1);
  ASSERT_TRUE(pipeline.receive(to_bytes(message(Backend::kBindComplete, "") +
                                        message(Backend::kCopyInResponse, bytes("\1\0\0")) + failure())));
  EXPECT_FALSE(pipeline.is_idle());
  pipeline.sync(out);
  ASSERT_TRUE(pipeline.receive(to_bytes(ready())));
  EXPECT_EQ(recorder.events, "copy 1 0\nfailed 22012 1 0\nready I 0 0\n");
  EXPECT_TRUE(pipeline.is_idle());
}

}  // namespace
}  // namespace bridge::postgres::wire
