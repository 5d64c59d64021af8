// Cursors on real files: batches, what runs between them, and every way in which they end.
#include <gtest/gtest.h>

#include "engine/databases/sqlite/testing/connection_fixture.h"

namespace bridge::sqlite {
namespace {

using testing::counting;
using testing::make_compiled;
using testing::SqliteSession;
using testing::summing;
using testing::TextSink;

class CursorTurns : public testing::ConnectionFixture {
 protected:
  /// A batch's rows, with `+` behind them while there may be more; or the error's name.
  static std::string batch(SqliteSession& session, const std::string& text, driver::CursorFetch wanted,
                           Deadline deadline = Deadline::never()) {
    TextSink sink;
    std::optional<Result<driver::Outcome>> outcome;
    driver::Request request{.statement = make_compiled(text),
                            .parameters = {},
                            .sink = &sink,
                            .deadline = deadline,
                            .on_done = [&](Result<driver::Outcome> result) { outcome = std::move(result); }};
    session.connection().fetch(session.span(), std::move(request), wanted);
    EXPECT_TRUE(session.wait_until([&] { return outcome.has_value(); }));
    if (!*outcome) return std::string(to_name(outcome->error().code()));
    std::string rows;
    for (const std::string& row : sink.rows) rows += row + ";";
    EXPECT_EQ((*outcome)->affected_rows, static_cast<std::int64_t>(sink.rows.size()));
    return rows + ((*outcome)->has_more ? "+" : "");
  }
  static void close(SqliteSession& session, std::uint64_t cursor) {
    bool is_over = false;
    session.connection().close_cursor(session.span(), cursor, Deadline::never(),
                                      [&](Result<driver::Outcome> result) {
                                        EXPECT_TRUE(result);
                                        is_over = true;
                                      });
    EXPECT_TRUE(session.wait_until([&] { return is_over; }));
  }
};

TEST_F(CursorTurns, GiveABatchAtATime) {
  SqliteSession session(path());
  EXPECT_EQ(batch(session, counting(5), {1, 2, true}), "1;2;+");
  EXPECT_FALSE(session.connection().is_ready()) << "a cursor rests on it";
  EXPECT_EQ(session.connection().in_flight(), 0U);
  EXPECT_EQ(batch(session, counting(5), {1, 2, false}), "3;4;+");
  EXPECT_EQ(batch(session, counting(5), {1, 2, false}), "5;");
  EXPECT_TRUE(session.connection().is_ready());
  EXPECT_EQ(batch(session, counting(5), {1, 2, false}), "query") << "it is closed";
}

TEST_F(CursorTurns, ABatchMayExceedABuffer) {
  SqliteSession session(path());
  TextSink sink;
  constexpr std::size_t kRows = 5'000;
  const std::string rows = batch(session, counting(2 * kRows), {1, kRows, true});
  EXPECT_TRUE(rows.ends_with(std::to_string(kRows) + ";+"));
  close(session, 1);
  EXPECT_TRUE(session.connection().is_ready());
}

TEST_F(CursorTurns, TwoOfOneStatementKeepTheirPlaces) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER)");
  session.say("BEGIN");
  EXPECT_EQ(batch(session, counting(5), {1, 2, true}), "1;2;+");
  EXPECT_EQ(batch(session, counting(5), {2, 3, true}), "1;2;3;+");
  EXPECT_EQ(session.say("INSERT INTO notes VALUES (1)").affected, 1);
  EXPECT_EQ(session.say(counting(2)).joined(), "1\n2");
  EXPECT_EQ(batch(session, counting(5), {1, 9, false}), "3;4;5;");
  EXPECT_EQ(batch(session, counting(5), {2, 1, false}), "4;+");
  EXPECT_EQ(session.say("COMMIT").code(), "ok");
  EXPECT_EQ(batch(session, counting(5), {2, 1, false}), "query") << "it ended with its transaction";
  EXPECT_TRUE(session.connection().is_ready());
}

TEST_F(CursorTurns, OnlyRead) {
  SqliteSession session("");
  session.say("CREATE TABLE notes (id INTEGER)");
  session.say("INSERT INTO notes VALUES (1)");
  EXPECT_EQ(batch(session, "DELETE FROM notes RETURNING id", {1, 2, true}), "query");
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "1");
}

TEST_F(CursorTurns, InMemoryOthersUseTheConnectionMeanwhile) {
  SqliteSession session("");
  session.say("CREATE TABLE notes (id INTEGER)");
  EXPECT_EQ(batch(session, counting(5), {1, 2, true}), "1;2;+");
  EXPECT_TRUE(session.connection().is_ready());
  session.say("BEGIN");
  session.say("INSERT INTO notes VALUES (1)");
  EXPECT_EQ(session.say("ROLLBACK").code(), "ok");
  EXPECT_EQ(session.reset().code(), "ok");
  EXPECT_EQ(batch(session, counting(5), {1, 9, false}), "3;4;5;");
}

TEST_F(CursorTurns, AreStoppedByTheirDeadline) {
  SqliteSession session(path());
  const Deadline soon = Deadline::after(session.loop(), std::chrono::milliseconds(50));
  EXPECT_EQ(batch(session, summing(1'000'000'000), {1, 2, true}, soon), "deadline_exceeded");
  EXPECT_TRUE(session.connection().is_ready());
  EXPECT_EQ(batch(session, counting(2), {2, 9, true}), "1;2;");
}

TEST_F(CursorTurns, EndWithTheConnection) {
  SqliteSession session(path());
  EXPECT_EQ(batch(session, counting(5), {1, 2, true}), "1;2;+");
  session.close();
  EXPECT_EQ(batch(session, counting(5), {1, 2, false}), "connection_lost");
}

}  // namespace
}  // namespace bridge::sqlite
