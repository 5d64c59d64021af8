// The engine for programs without an event loop: every call returns when the database has answered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/engine.h"
#include "engine/sql/statement.h"
#include "engine/sql/table.h"
#include "engine/types/value.h"

namespace bridge::execution {

/// A row in the order of the columns.
using Row = std::vector<types::Value>;

/// A whole result held in memory. Owns everything it shows.
struct RowSet {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  std::int64_t affected_rows = 0;  ///< rows matched by a write, or rows returned
};

/// What a session is opened with.
struct SessionOptions {
  EngineOptions engine;
  Duration timeout = std::chrono::seconds(30);  ///< for each call; generous, as nothing else ends a lost call
  telemetry::Sink* sink = nullptr;  ///< told of every operation; outlives the session; null = nobody
};

/// One database, its own loop, and the caller's thread: everything happens in calls made from the thread that
/// opened it. Destroying it closes at once and rolls an open transaction back.
class BlockingSession {
 public:
  /// Parses the URL, connects and logs in. kConfiguration, kConnectFailed, kAuthentication, kTls.
  static Result<std::unique_ptr<BlockingSession>> open(std::string_view url,
                                                       const SessionOptions& options = {});
  ~BlockingSession();
  BlockingSession(const BlockingSession&) = delete;
  BlockingSession& operator=(const BlockingSession&) = delete;

  /// Runs a statement and answers all its rows. Inside `in_transaction` it belongs to the transaction.
  Result<RowSet> run(const sql::StatementPtr& statement);
  /// The same for a statement still wrapped in the result of its building.
  Result<RowSet> run(Result<sql::StatementPtr> statement);
  /// Inserts rows by the database's fastest path; each row has the values of `columns`, indices into the
  /// table. Answers how many.
  Result<std::int64_t> insert_rows(const sql::TablePtr& table, std::vector<std::size_t> columns,
                                   std::vector<Row> rows);
  /// Makes the tables with their indexes, in the order of their dependencies; those that are there already
  /// are left alone.
  Status create_tables(const std::vector<sql::TablePtr>& tables);
  /// Drops them again; those that are not there are passed over.
  Status drop_tables(const std::vector<sql::TablePtr>& tables);
  /// Runs `work` inside a transaction: commits if it succeeds; rolls back and answers its error otherwise.
  /// One inside another is kConfiguration.
  Status in_transaction(const std::function<Status()>& work);
  /// Closes every connection once running work has ended. Calls afterwards are refused with kPoolClosed.
  Status close();

  /// The URL without secrets.
  const std::string& redacted_url() const;

 private:
  struct Parts;
  explicit BlockingSession(std::unique_ptr<Parts> parts);
  Status run_all(std::vector<sql::StatementBody> statements);

  std::unique_ptr<Parts> parts_;
};

}  // namespace bridge::execution
