// One session with a PostgreSQL server: requests in order, several under way, answers met with their callers.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/databases/postgres/active_request.h"
#include "engine/databases/postgres/cancel_request.h"
#include "engine/databases/postgres/options.h"
#include "engine/databases/postgres/prepared_statement.h"
#include "engine/databases/postgres/wire/pipeline.h"
#include "engine/driver/prepared_cache.h"
#include "engine/driver/stream_connection.h"

namespace bridge::postgres {

/// What a finished login hands over. `options` is shared by all connections of one driver.
struct Session {
  std::shared_ptr<driver::ConnectionRunner> runner;
  std::shared_ptr<const Options> options;
  driver::ServerAddress server;
  wire::BackendKey key;
  /// Let go of with the connection, for flavours that count theirs.
  std::shared_ptr<const void> keepsake = nullptr;
};

/// See driver::Connection. Beyond it: `copy_rows` takes `bulk_text` as target and column list (`"shop"."book"
/// ("id", "title")`). After a cancel request nothing is sent until the server has closed the connection it
/// came by. A cursor is a named portal: inside a transaction block it outlives the Sync behind each batch;
/// outside of one no Sync is sent until the cursor is closed, as that would end it.
class Connection final : public driver::StreamConnection<ActiveRequest>, private wire::PipelineObserver {
 public:
  Connection(driver::DriverEnvironment environment, Session session);
  ~Connection() override;

  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;

  bool is_ready() const override;
  bool is_in_transaction() const override { return status_ != wire::TransactionStatus::kIdle; }
  bool has_prepared(const sql::CompiledStatement& statement) const override {
    return cache_.contains(statement.serial);
  }

 private:
  using Active = ActiveRequest;

  // connection.cpp: what the half without a protocol asks
  bool is_held() const override;
  bool start_stop(Deadline deadline) override;
  void drop_stop() override { cancel_.reset(); }
  void write_farewell(ByteWriter& out) override { wire::write_terminate(out); }

  // connection_requests.cpp: requests become bytes
  void send_next() override;
  Status write_request(Active& active);
  Status write_statement(Active& active);
  Status write_prepare(Active& active);
  Status write_run(Active& active);
  Status write_at_once(Active& active);
  Status write_parse_at_once(Active& active);
  Status write_copy(Active& active);
  Status write_closes(Active& active);
  bool joins_next(const Active& active) const;
  bool can_share(const Active& active) const;
  bool runs_at_once(const Active& active) const;
  bool is_kept(const sql::CompiledStatement& statement) const;
  std::string next_name(const sql::CompiledStatement& statement);
  void retire(const PreparedPtr& prepared);

  // connection_copy.cpp: rows on their way in
  Status begin_copy(Active& active);
  void feed_copy();
  Result<bool> write_copy_chunk(Active& active);
  Status write_copy_row(const Active& active);
  void end_copy(Active& active, std::optional<Error> failure);

  // connection_cursors.cpp: results read batch by batch
  Status write_fetch(Active& active);
  Status write_opening(Active& active, const std::string& portal);
  Status write_close_cursor(const Active& active);
  void sync_cursor(Active& active);
  void on_fetch_complete(Active& active);
  void forget_cursor(std::uint64_t cursor);

  // connection_replies.cpp: what the server answered
  void settle(ActivePtr active);
  bool heal(ActivePtr& active);
  void learn_from(const Active& active);
  Status on_parameters(wire::Tag tag, std::vector<std::uint32_t> types) override;
  Status on_columns(wire::Tag tag, std::span<const wire::ColumnDescription> columns) override;
  Status on_rows(wire::Tag tag, std::span<const driver::Cell> cells) override;
  Status on_complete(wire::Tag tag, std::int64_t rows) override;
  Status on_suspended(wire::Tag tag) override;
  Status on_copy_ready(wire::Tag tag) override;
  Status on_failed(wire::Tag tag, driver::ServerError report) override;
  Status on_skipped(wire::Tag tag) override;
  Status on_commit_failed(driver::ServerError report) override;
  Status on_ready(wire::TransactionStatus status) override;
  void on_notice(driver::ServerError) override {}  // nobody asks for notices yet; keeping none is the bound

  Result<std::size_t> on_received(ByteSpan received) override;
  void on_drained() override;

  std::shared_ptr<const Options> options_;
  driver::ServerAddress server_;
  std::shared_ptr<const void> keepsake_;
  wire::BackendKey key_;
  wire::Pipeline pipeline_{*this};
  driver::PreparedCache<PreparedStatement> cache_;
  std::vector<std::string> names_to_close_;
  /// Names of statements begin with it. Another client's statement of a like name, met on a server session
  /// that a pooler shares out, would run in place of ours.
  std::string name_start_;
  std::map<std::uint64_t, PreparedPtr> cursors_;  ///< open portals with the statement each runs
  std::vector<std::string> portals_to_close_;
  std::uint64_t name_serial_ = 0;
  std::set<std::uint64_t> unnamed_;  ///< statements whose plans a pooler keeps beyond their use
  bool keeps_prepared_;              ///< as asked, until a pooler is noticed that loses prepared statements

  std::uint64_t open_group_ = 1;  ///< the Sync that what is written next will stand under
  std::size_t shared_count_ = 0;  ///< requests written under it so far

  wire::TransactionStatus status_ = wire::TransactionStatus::kIdle;
  bool has_wrong_role_ = false;  ///< refused a write although a server that takes them was asked for
  std::shared_ptr<CancelRequest> cancel_;
};

}  // namespace bridge::postgres

extern template class bridge::driver::StreamConnection<bridge::postgres::ActiveRequest>;
