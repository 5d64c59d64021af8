// The contract of a connection on real files: order, transactions, locks, worker, schema, forks.
#include "engine/databases/sqlite/connection.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "engine/databases/sqlite/testing/connection_fixture.h"

namespace bridge::sqlite {
namespace {

using testing::counting;
using testing::make_compiled;
using testing::Reply;
using testing::SqliteSession;
using testing::summing;
using testing::TextSink;
using types::Value;

class Connections : public testing::ConnectionFixture {};

TEST_F(Connections, WriteAndReadBack) {
  SqliteSession session(path());
  EXPECT_EQ(session.say("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT UNIQUE NOT NULL)").code(),
            "ok");
  EXPECT_EQ(
      session.say("INSERT INTO books (title) VALUES (?), (?)", {Value::of_text("a"), Value::of_text("b")})
          .affected,
      2);
  EXPECT_EQ(session.say("UPDATE books SET title = title || 'x'").affected, 2);
  const Reply read = session.say("SELECT id, title FROM books ORDER BY id");
  EXPECT_EQ(read.joined(), "1|ax\n2|bx");
  EXPECT_EQ(read.affected, 2);
  EXPECT_EQ(session.say("DELETE FROM books WHERE id = ?", {Value::of_int64(7)}).affected, 0);
  EXPECT_EQ(session.say("CREATE TABLE other (id INTEGER)").affected, 0)
      << "an earlier statement's changes were counted";
  EXPECT_TRUE(session.connection().is_ready());
}

TEST_F(Connections, InMemory) {
  SqliteSession session("");
  EXPECT_EQ(session.say("CREATE TABLE notes (id INTEGER)").code(), "ok");
  EXPECT_EQ(session.say("INSERT INTO notes VALUES (1) RETURNING id").joined(), "1");
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "1");
}

TEST_F(Connections, ErrorsNameTableAndColumn) {
  SqliteSession session(path());
  session.say("CREATE TABLE authors (id INTEGER PRIMARY KEY)");
  session.say(
      "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT UNIQUE NOT NULL, price INTEGER CONSTRAINT "
      "positive CHECK (price > 0), "
      "author_id INTEGER REFERENCES authors(id) ON DELETE RESTRICT)");
  session.say("INSERT INTO authors VALUES (1)");
  ASSERT_EQ(session.say("INSERT INTO books VALUES (1, 'a', 1, 1)").code(), "ok");
  const Reply unique = session.say("INSERT INTO books VALUES (2, 'a', 1, 1)");
  EXPECT_EQ(unique.code(), "unique_violation");
  EXPECT_EQ(unique.error->server().table, "books");
  EXPECT_EQ(unique.error->server().column, "title");
  EXPECT_EQ(session.say("INSERT INTO books VALUES (1, 'b', 1, 1)").code(), "unique_violation");
  const Reply missing = session.say("INSERT INTO books VALUES (3, NULL, 1, 1)");
  EXPECT_EQ(missing.code(), "not_null_violation");
  EXPECT_EQ(missing.error->server().column, "title");
  const Reply check = session.say("INSERT INTO books VALUES (4, 'c', 0, 1)");
  EXPECT_EQ(check.code(), "check_violation");
  EXPECT_EQ(check.error->server().constraint, "positive");
  EXPECT_EQ(session.say("INSERT INTO books VALUES (5, 'd', 1, 9)").code(), "foreign_key_violation");
  EXPECT_EQ(session.say("DELETE FROM authors").code(), "foreign_key_violation");
  EXPECT_EQ(session.say("SELECT nothing FROM books").code(), "statement");
  EXPECT_EQ(session.say("SELECT 1; SELECT 2").code(), "query");
  EXPECT_EQ(session.say("SELECT ?").code(), "query") << "a parameter is missing";
}

TEST_F(Connections, TransactionsCommitAndRollBack) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER)");
  EXPECT_EQ(session.say("BEGIN IMMEDIATE").code(), "ok");
  EXPECT_TRUE(session.connection().is_in_transaction());
  EXPECT_FALSE(session.connection().is_ready());
  session.say("INSERT INTO notes VALUES (1)");
  session.say("SAVEPOINT inner");
  session.say("INSERT INTO notes VALUES (2)");
  EXPECT_EQ(session.say("ROLLBACK TO inner").code(), "ok");
  EXPECT_EQ(session.say("COMMIT").code(), "ok");
  EXPECT_EQ(session.say("SELECT group_concat(id) FROM notes").joined(), "1");
  session.say("BEGIN IMMEDIATE");
  session.say("DELETE FROM notes");
  EXPECT_EQ(session.say("ROLLBACK").code(), "ok");
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "1");
  EXPECT_TRUE(session.connection().is_ready());
}

TEST_F(Connections, ReadersSeeTheirSnapshotWhileTheWriterWrites) {
  SqliteSession writer(path());
  writer.say("CREATE TABLE notes (id INTEGER)");
  SqliteSession reader(path(), driver::Driver::Role::kReader);
  EXPECT_EQ(reader.say("INSERT INTO notes VALUES (1)").code(), "privilege");
  reader.say("BEGIN");
  EXPECT_EQ(reader.say("SELECT count(*) FROM notes").joined(), "0");
  writer.say("BEGIN IMMEDIATE");
  EXPECT_EQ(writer.say("INSERT INTO notes VALUES (1)").code(), "ok");
  EXPECT_EQ(reader.say("SELECT count(*) FROM notes").joined(), "0");
  EXPECT_EQ(writer.say("COMMIT").code(), "ok");
  EXPECT_EQ(reader.say("SELECT count(*) FROM notes").joined(), "0");
  reader.say("COMMIT");
  EXPECT_EQ(reader.say("SELECT count(*) FROM notes").joined(), "1");
}

TEST_F(Connections, LocksAreWaitedForUntilTheyAreFree) {
  SqliteSession first(path());
  SqliteSession second(path());
  first.say("CREATE TABLE notes (id INTEGER)");
  first.say("BEGIN IMMEDIATE");
  std::string code;
  second.start(make_compiled("INSERT INTO notes VALUES (2)"), [&](Result<driver::Outcome> result) {
    code = result ? "ok" : std::string(to_name(result.error().code()));
  });
  for (int turn = 0; turn < 5; ++turn)
    second.loop().run_blocking(Deadline::after(second.loop(), std::chrono::milliseconds(10)));
  EXPECT_EQ(code, "");
  first.say("COMMIT");
  EXPECT_TRUE(second.wait_until([&] { return !code.empty(); }));
  EXPECT_EQ(code, "ok");
}

TEST_F(Connections, LocksThatStayEndInLockTimeout) {
  SqliteSession first(path());
  SqliteSession second(path(), driver::Driver::Role::kWriter,
                       {.busy_timeout = std::chrono::milliseconds(60)});
  first.say("CREATE TABLE notes (id INTEGER)");
  first.say("BEGIN IMMEDIATE");
  EXPECT_EQ(second.say("BEGIN IMMEDIATE").code(), "lock_timeout");
  EXPECT_EQ(second.say("UPDATE notes SET id = 1").code(), "lock_timeout");
  SqliteSession third(path());
  const TimePoint started = third.loop().now();
  EXPECT_EQ(third
                .run(make_compiled("BEGIN IMMEDIATE"), {}, nullptr,
                     Deadline::after(third.loop(), std::chrono::milliseconds(50)))
                .code(),
            "lock_timeout");
  EXPECT_LT(third.loop().now() - started, std::chrono::seconds(2))
      << "the deadline comes before the busy timeout";
  EXPECT_TRUE(third.connection().is_ready());
}

TEST_F(Connections, SnapshotsThatCannotBecomeWritersAreSerializationFailures) {
  SqliteSession first(path());
  SqliteSession second(path());
  first.say("CREATE TABLE notes (id INTEGER)");
  first.say("BEGIN");
  first.say("SELECT * FROM notes");
  second.say("INSERT INTO notes VALUES (1)");
  EXPECT_EQ(first.say("INSERT INTO notes VALUES (2)").code(), "serialization_failure");
  EXPECT_EQ(first.say("ROLLBACK").code(), "ok");
}

TEST_F(Connections, ManyRowsMoveToTheWorkerAsTheyStand) {
  SqliteSession session(path());
  TextSink sink;
  const Reply reply = session.run(make_compiled(counting(10'000)), {}, &sink);
  EXPECT_EQ(reply.code(), "ok");
  EXPECT_EQ(reply.affected, 10'000);
  ASSERT_EQ(sink.rows.size(), 10'000U);
  for (std::size_t index = 0; index < sink.rows.size(); ++index)
    ASSERT_EQ(sink.rows[index], std::to_string(index + 1));
  EXPECT_GE(sink.batches, 9U);
  EXPECT_EQ(sink.restarts, 0U);
}

TEST_F(Connections, LongStepsStartOverOnTheWorkerWhileTheLoopTurns) {
  SqliteSession session(path());
  bool is_done = false;
  int turns = 0;
  TextSink sink;
  session.start(
      make_compiled(summing(500'000)), [&](Result<driver::Outcome> result) { is_done = result.has_value(); },
      &sink);
  const Deadline patience = Deadline::after(session.loop(), std::chrono::seconds(60));
  for (; !is_done && !patience.has_passed(session.loop().now()); ++turns) {
    session.loop().run_blocking(Deadline::after(session.loop(), std::chrono::milliseconds(1)));
  }
  ASSERT_TRUE(is_done);
  EXPECT_EQ(sink.rows, std::vector<std::string>{"125000250000"});
  EXPECT_GT(turns, 5) << "the loop stood still";
}

TEST_F(Connections, NeighbouringSharedReadsSeeOneSnapshotAndLeaveNoTransaction) {
  SqliteSession writer(path());
  SqliteSession session(path());
  writer.say("CREATE TABLE notes (id INTEGER)");
  const auto shared = [](const std::string& text) {
    auto compiled = make_compiled(text);
    compiled->is_shareable = true;
    return compiled;
  };
  TextSink sinks[4];
  int done = 0;
  const auto note = [&](Result<driver::Outcome> result) {
    EXPECT_TRUE(result);
    EXPECT_FALSE(session.connection().is_in_transaction());
    // another connection commits between the reads of one group
    const bool is_first = ++done == 1;
    const std::string code = is_first ? writer.say("INSERT INTO notes VALUES (1)").code() : "ok";
    EXPECT_EQ(code, "ok");
  };
  for (int index = 0; index < 3; ++index)
    session.start(shared("SELECT count(*) FROM notes"), note, &sinks[index]);
  session.start(make_compiled("SELECT count(*) FROM notes"), note, &sinks[3]);
  EXPECT_TRUE(session.wait_until([&] { return done == 4; }));
  for (int index = 0; index < 3; ++index) EXPECT_EQ(sinks[index].rows, std::vector<std::string>{"0"});
  EXPECT_EQ(sinks[3].rows, std::vector<std::string>{"1"}) << "not part of the group";
  EXPECT_TRUE(session.connection().is_ready());
  EXPECT_EQ(session.say("INSERT INTO notes VALUES (2)").code(), "ok");
  // one of the group is long and moves to the worker with the snapshot open
  done = 1;
  session.start(shared("SELECT count(*) FROM notes"), note, &sinks[0]);
  session.start(shared(counting(5'000)), note, &sinks[1]);
  session.start(shared("SELECT 1"), note, &sinks[2]);
  EXPECT_TRUE(session.wait_until([&] { return done == 4; }));
  EXPECT_EQ(sinks[1].rows.size(), 5'001U) << "a row from above and five thousand new ones";
  EXPECT_EQ(session.say("INSERT INTO notes VALUES (3)").code(), "ok");
}

TEST_F(Connections, RefusingSinkEndsTheStatementWithItsError) {
  SqliteSession session(path());
  for (const std::size_t batch : {1U, 2U, 4U}) {
    TextSink sink;
    sink.refuses_batch = batch;
    const Reply reply = session.run(make_compiled(counting(20'000)), {}, &sink);
    EXPECT_EQ(reply.code(), "decode");
    EXPECT_EQ(reply.error->message(), "the sink wants no more");
    EXPECT_EQ(sink.batches, batch);
    EXPECT_EQ(session.say("SELECT 1").joined(), "1");
  }
}

TEST_F(Connections, SchemaChangesArePreparedAgain) {
  SqliteSession first(path());
  SqliteSession second(path());
  first.say("CREATE TABLE notes (id INTEGER)");
  first.say("INSERT INTO notes VALUES (1)");
  const auto everything = make_compiled("SELECT * FROM notes");
  EXPECT_EQ(second.run(everything).joined(), "1");
  EXPECT_TRUE(second.connection().has_prepared(*everything));
  const auto expected = make_compiled("SELECT * FROM notes", {{.storage = types::StorageType::kInt64}});
  EXPECT_EQ(second.run(expected).joined(), "1");
  first.say("ALTER TABLE notes ADD COLUMN title TEXT DEFAULT 'x'");
  EXPECT_EQ(second.run(everything).joined(), "1|x");
  EXPECT_EQ(second.run(expected).code(), "decode") << "a second column came from nowhere";
}

TEST_F(Connections, DirtySessionsAreSetBack) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (title TEXT)");
  EXPECT_FALSE(session.connection().is_dirty());
  EXPECT_EQ(session
                .run([] {
                  auto raw = make_compiled("CREATE TEMP TABLE leftovers (id INTEGER)");
                  raw->dirties_session = true;
                  return raw;
                }())
                .code(),
            "ok");
  EXPECT_TRUE(session.connection().is_dirty());
  session.say("BEGIN");
  EXPECT_EQ(session.reset().code(), "ok");
  EXPECT_FALSE(session.connection().is_dirty());
  EXPECT_TRUE(session.connection().is_ready());
  EXPECT_EQ(session.say("SELECT * FROM leftovers").code(), "statement");
}

TEST_F(Connections, DoorsStayClosed) {
  SqliteSession session(path());
  for (const char* text :
       {"ATTACH 'other.db' AS other", "PRAGMA journal_mode=DELETE", "PRAGMA writable_schema=ON",
        "PRAGMA foreign_keys=OFF", "PRAGMA temp_store_directory='/tmp'", "VACUUM INTO 'copy.db'",
        "EXPLAIN ATTACH 'x' AS y"}) {
    EXPECT_EQ(session.say(text).code(), "privilege") << text;
  }
  EXPECT_EQ(session.say("SELECT load_extension('x')").code(), "statement");
  EXPECT_EQ(session.say("SELECT \"no such column\"").code(), "statement");
  EXPECT_EQ(session.say("PRAGMA foreign_keys").joined(), "1");
  EXPECT_EQ(session.say("PRAGMA journal_mode").joined(), "wal");
  EXPECT_EQ(session.say("SELECT 'A' LIKE 'a'").joined(), "0");
  session.say("CREATE TABLE notes (id INTEGER)");
  EXPECT_EQ(session.say("PRAGMA table_info(notes)").rows.size(), 1U);
  EXPECT_EQ(session.say("DELETE FROM sqlite_schema").code(), "statement");
}

TEST_F(Connections, ReplacedFilesAreNoticed) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER)");
  EXPECT_TRUE(session.connection().is_quiet());
  EXPECT_EQ(session.ping().code(), "ok");
  std::filesystem::rename(path(), path() + ".moved");
  EXPECT_FALSE(session.connection().is_quiet());
  EXPECT_EQ(session.ping().code(), "connection_lost");
  EXPECT_FALSE(session.connection().is_usable());
}

TEST_F(Connections, CorruptFilesCloseTheConnection) {
  {
    SqliteSession session(path());
    session.say("CREATE TABLE notes (id INTEGER, title TEXT)");
    session.say("INSERT INTO notes " +
                counting(5'000).replace(counting(5'000).find("SELECT i FROM"), 13, "SELECT i, 'title' FROM"));
  }
  {
    std::FILE* file = std::fopen(path().c_str(), "r+b");
    ASSERT_NE(file, nullptr);
    std::fseek(file, 4'096, SEEK_SET);
    const std::string garbage(8'192, '\xA5');
    ASSERT_EQ(std::fwrite(garbage.data(), 1, garbage.size(), file), garbage.size());
    std::fclose(file);
  }
  SqliteSession session(path());
  const Reply reply = session.say("SELECT sum(length(title)) FROM notes");
  EXPECT_EQ(reply.code(), "server_failure");
  EXPECT_FALSE(session.connection().is_usable());
}

TEST_F(Connections, TransactionsThatSqliteEndedRefuseEverythingButRollback) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (id INTEGER UNIQUE)");
  session.say("BEGIN IMMEDIATE");
  session.say("INSERT INTO notes VALUES (1)");
  // ON CONFLICT ROLLBACK is how SQLite ends a transaction on its own without a broken disk
  EXPECT_EQ(session.say("INSERT OR ROLLBACK INTO notes VALUES (1)").code(), "unique_violation");
  EXPECT_TRUE(session.connection().is_in_transaction());
  EXPECT_EQ(session.say("INSERT INTO notes VALUES (2)").code(), "statement");
  EXPECT_EQ(session.say("ROLLBACK").code(), "ok");
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "0");
  EXPECT_TRUE(session.connection().is_ready());
}

TEST_F(Connections, CheckpointsKeepTheLogShort) {
  SqliteSession session(path());
  session.say("CREATE TABLE notes (body BLOB)");
  for (int round = 0; round < 60; ++round)
    ASSERT_EQ(session.say("INSERT INTO notes VALUES (randomblob(200000))").code(), "ok");
  EXPECT_LT(std::filesystem::file_size(path() + "-wal"), 10'000'000U) << "12 MB were written";
  EXPECT_EQ(session.say("SELECT count(*) FROM notes").joined(), "60");
}

TEST_F(Connections, ForkedChildrenLeaveTheParentsTransactionAlone) {
  auto session = std::make_unique<SqliteSession>(path());
  session->say("CREATE TABLE notes (id INTEGER)");
  session->say("BEGIN IMMEDIATE");
  session->say("INSERT INTO notes VALUES (1)");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    session->close();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(session->say("INSERT INTO notes VALUES (2)").code(), "ok");
  EXPECT_EQ(session->say("COMMIT").code(), "ok");
  EXPECT_EQ(session->say("SELECT count(*) FROM notes").joined(), "2");
}

}  // namespace
}  // namespace bridge::sqlite
