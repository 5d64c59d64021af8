// How requests end early: deadlines, cancellation, closing, and a completion that destroys its connection.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/databases/sqlite/connection.h"
#include "engine/databases/sqlite/testing/connection_fixture.h"

namespace bridge::sqlite {
namespace {

using testing::counting;
using testing::make_compiled;
using testing::Reply;
using testing::SqliteSession;
using testing::summing;
using testing::TextSink;

class ConnectionEndings : public testing::ConnectionFixture {};

TEST_F(ConnectionEndings, DeadlineEndsALongRead) {
  SqliteSession session(path());
  const Reply reply = session.run(make_compiled(summing(2'000'000'000)), {}, nullptr,
                                  Deadline::after(session.loop(), std::chrono::milliseconds(50)));
  EXPECT_EQ(reply.code(), "deadline_exceeded");
  EXPECT_EQ(session.say("SELECT 1").joined(), "1");
}

TEST_F(ConnectionEndings, DeadlineThatPassedBeforehandSendsNothing) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER)");
  const Reply reply =
      session.run(make_compiled("INSERT INTO notes VALUES (1)"), {}, nullptr, Deadline(session.loop().now()));
  EXPECT_EQ(reply.code(), "deadline_exceeded");
  EXPECT_EQ(reply.error->sent(), Sent::kNo);
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "0");
}

TEST_F(ConnectionEndings, DeadlineTakesALongAutocommitWriteBackWhole) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER)");
  const Reply reply = session.run(make_compiled("INSERT INTO notes " + counting(2'000'000'000)), {}, nullptr,
                                  Deadline::after(session.loop(), std::chrono::milliseconds(50)));
  EXPECT_EQ(reply.code(), "deadline_exceeded");
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "0");
}

TEST_F(ConnectionEndings, CancelStopsAReadOnTheWorker) {
  SqliteSession session(path());
  std::string code;
  TextSink sink;
  session.start(
      make_compiled(summing(2'000'000'000)),
      [&](Result<driver::Outcome> result) {
        code = result ? "ok" : std::string(to_name(result.error().code()));
      },
      &sink);
  const TimePoint started = session.loop().now();
  session.wait_until([&] { return session.loop().now() - started > std::chrono::milliseconds(50); });
  ASSERT_EQ(code, "");
  session.connection().cancel(session.span(), Deadline::never());
  EXPECT_TRUE(session.wait_until([&] { return !code.empty(); }));
  EXPECT_EQ(code, "cancelled");
  EXPECT_EQ(session.say("SELECT 1").joined(), "1");
}

TEST_F(ConnectionEndings, CancelEndsAWaitForALock) {
  SqliteSession first(path());
  SqliteSession second(path());
  first.say("BEGIN IMMEDIATE");
  std::string code;
  second.start(make_compiled("BEGIN IMMEDIATE"), [&](Result<driver::Outcome> result) {
    code = result ? "ok" : std::string(to_name(result.error().code()));
  });
  second.loop().run_ready();
  second.connection().cancel(second.span(), Deadline::never());
  EXPECT_TRUE(second.wait_until([&] { return !code.empty(); }));
  EXPECT_EQ(code, "cancelled");
  EXPECT_TRUE(second.connection().is_ready());
}

TEST_F(ConnectionEndings, CloseCompletesEverythingOnce) {
  SqliteSession session(path());
  std::vector<std::string> codes;
  const auto note = [&](Result<driver::Outcome> result) {
    codes.push_back(result ? "ok" : std::string(to_name(result.error().code())));
  };
  session.start(make_compiled(summing(2'000'000'000)), note);
  session.start(make_compiled("SELECT 1"), note);
  EXPECT_EQ(session.connection().in_flight(), 2U);
  const TimePoint started = session.loop().now();
  session.wait_until([&] { return session.loop().now() - started > std::chrono::milliseconds(30); });
  session.close();
  EXPECT_FALSE(session.connection().is_usable());
  EXPECT_TRUE(codes.empty()) << "completed inside close";
  session.start(make_compiled("SELECT 2"), note);
  session.close();
  EXPECT_TRUE(session.wait_until([&] { return codes.size() == 3; }));
  EXPECT_EQ(codes, (std::vector<std::string>{"connection_lost", "connection_lost", "connection_lost"}));
}

TEST_F(ConnectionEndings, CompletionMayDestroyTheConnection) {
  auto session = std::make_unique<SqliteSession>(path());
  net::EventLoop& loop = session->loop();
  bool is_closed = false;
  int later = 0;
  session->start(make_compiled("SELECT 1"), [&](Result<driver::Outcome>) {
    session->close();
    is_closed = true;
  });
  session->start(make_compiled("SELECT 2"), [&](Result<driver::Outcome> result) { later += result ? 0 : 1; });
  for (int turn = 0; turn < 20; ++turn) loop.run_ready();
  EXPECT_TRUE(is_closed);
  EXPECT_EQ(later, 1);
}

}  // namespace
}  // namespace bridge::sqlite
