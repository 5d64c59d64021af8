// Bulk loads: all rows or none, inside and outside of transactions.
#include "engine/databases/sqlite/bulk_load.h"

#include <gtest/gtest.h>

#include "engine/databases/sqlite/testing/sqlite_session.h"

namespace bridge::sqlite {
namespace {

using testing::make_compiled;
using testing::SqliteSession;
using testing::TemporaryFolder;
using types::Value;

/// Counts from 1 to `last`; fails at `fails_at`, gives a number twice at `repeats_at`.
class Counter final : public driver::RowSource {
 public:
  Result<bool> next(std::vector<Value>& row) override {
    ++position;
    if (position == fails_at) return make_error(ErrorCode::kValidation, "the source failed");
    if (position > last) return false;
    row.assign({Value::of_int64(position == repeats_at ? position - 1 : position),
                Value::of_text("row " + std::to_string(position))});
    return true;
  }
  std::int64_t last = 0;
  std::int64_t fails_at = -1;
  std::int64_t repeats_at = -1;
  std::int64_t position = 0;
};

class BulkLoads : public ::testing::Test {
 protected:
  BulkLoads() { session_.say("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT)"); }
  std::string count() { return session_.say("SELECT count(*) FROM notes").joined(); }
  testing::Reply load(Counter& source) {
    return session_.load(make_compiled("INSERT INTO notes (id, title) VALUES (?, ?)"), source);
  }

  TemporaryFolder folder_;
  SqliteSession session_{folder_.file("bulk.db")};
};

TEST_F(BulkLoads, EveryRowArrives) {
  for (const std::int64_t rows : {0, 1, 999, 1'000, 1'001, 25'000}) {
    session_.say("DELETE FROM notes");
    Counter source;
    source.last = rows;
    const auto reply = load(source);
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_EQ(reply.affected, rows);
    EXPECT_EQ(count(), std::to_string(rows));
    EXPECT_TRUE(session_.connection().is_ready());
  }
  EXPECT_EQ(session_.say("SELECT title FROM notes WHERE id = 24999").joined(), "row 24999");
}

TEST_F(BulkLoads, FailuresLeaveNothing) {
  for (const std::int64_t at : {1, 500, 1'000, 1'001, 3'500}) {
    Counter failing;
    failing.last = 5'000;
    failing.fails_at = at;
    EXPECT_EQ(load(failing).code(), "validation");
    EXPECT_EQ(count(), "0");
    Counter repeating;
    repeating.last = 5'000;
    repeating.repeats_at = at + 1;
    EXPECT_EQ(load(repeating).code(), "unique_violation");
    EXPECT_EQ(count(), "0");
    EXPECT_TRUE(session_.connection().is_ready());
  }
}

TEST_F(BulkLoads, InATransactionOnlyTheLoadIsTakenBack) {
  session_.say("BEGIN IMMEDIATE");
  session_.say("INSERT INTO notes VALUES (1000000, 'kept')");
  Counter source;
  source.last = 2'000;
  source.fails_at = 1'500;
  EXPECT_EQ(load(source).code(), "validation");
  EXPECT_TRUE(session_.connection().is_in_transaction());
  Counter good;
  good.last = 10;
  EXPECT_EQ(load(good).affected, 10);
  EXPECT_EQ(session_.say("COMMIT").code(), "ok");
  EXPECT_EQ(count(), "11");
}

TEST_F(BulkLoads, WaitsForTheWriteLock) {
  SqliteSession other(folder_.file("bulk.db"));
  other.say("BEGIN IMMEDIATE");
  auto timer = session_.loop().start_timer(session_.loop().now() + std::chrono::milliseconds(40),
                                           [&] { other.say("COMMIT"); });
  Counter source;
  source.last = 5;
  EXPECT_EQ(load(source).affected, 5);
}

TEST_F(BulkLoads, InMemoryToo) {
  SqliteSession memory("");
  memory.say("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT)");
  Counter source;
  source.last = 3'000;
  EXPECT_EQ(memory.load(make_compiled("INSERT INTO notes (id, title) VALUES (?, ?)"), source).affected,
            3'000);
}

}  // namespace
}  // namespace bridge::sqlite
