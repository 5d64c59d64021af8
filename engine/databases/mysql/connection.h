// One session with a server of the MySQL family: requests in order, several under way, answers met with their
// callers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/databases/mysql/active_request.h"
#include "engine/databases/mysql/options.h"
#include "engine/databases/mysql/wire/login.h"
#include "engine/driver/prepared_cache.h"
#include "engine/driver/stream_connection.h"

namespace bridge::mysql {

class StopRequest;

/// What a finished login hands over. `options` is shared by all connections of one driver.
struct Session {
  std::shared_ptr<driver::ConnectionRunner> runner;
  std::shared_ptr<const Options> options;
  driver::ServerAddress server;
  wire::SessionTraits traits;
};

/// See driver::Connection. Statements that have values or rows are prepared; others are sent as text, which
/// holds no value. A statement is stopped by `KILL QUERY` from a second connection. A cursor is a prepared
/// statement of its own; it survives the end of its transaction. Where the server keeps no cursors, one is a
/// result that is left unread between batches.
class Connection final : public driver::StreamConnection<ActiveRequest>, private wire::ReplyObserver {
 public:
  Connection(driver::DriverEnvironment environment, Session session);
  ~Connection() override;

  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;
  bool is_ready() const override;
  bool is_in_transaction() const override { return (status_ & wire::kInTransaction) != 0; }
  bool has_prepared(const sql::CompiledStatement& statement) const override {
    return cache_.contains(statement.serial);
  }

 private:
  using Active = ActiveRequest;

  // connection.cpp: what the half without a protocol asks
  bool is_held() const override;
  bool start_stop(Deadline deadline) override;
  void drop_stop() override;
  void write_farewell(ByteWriter& out) override;
  Result<std::size_t> on_received(ByteSpan received) override;

  // connection_requests.cpp: requests become bytes
  void send_next() override;
  Status write_request(Active& active);
  Status write_statement(Active& active);
  Status write_fetch(Active& active);
  Status write_close_cursor(Active& active);
  Status prepare(Active& active);
  Status run(Active& active, std::uint8_t cursor);
  static bool is_kept(const sql::CompiledStatement& statement);
  void retire(const PreparedPtr& prepared);

  // connection_streaming.cpp: results read batch by batch where the server keeps no cursors
  bool streams() const { return !options_->flavour.streaming_settings.empty(); }
  Status write_stream(Active& active);
  Status write_close_stream(Active& active);
  Status check_stream(const Active& active) const;
  bool rest_stream();

  // connection_rereading.cpp: inserts whose rows are read back
  Status write_with_rereading(Active& active);
  Status run_reading(Active& active);
  Status end_part(Active& active, const wire::Ending& ending);
  Status fail_part(Active& active);
  Status settle_parts(Active& active);
  void tell_number(Active& active, std::uint64_t number);
  void check_reread(Active& active);

  // connection_replies.cpp: what the server answered
  Status settle_front(Active& active);
  bool heal(Active& active);
  void end_preparing(Active& active);
  Status end_opening(Active& active);
  static bool goes_as_text(const Active& active, const driver::ServerError& report);
  Status on_prepared(wire::Tag tag, const wire::PreparedHeader& header) override;
  Status on_columns(wire::Tag tag, std::span<const wire::ColumnDescription> columns) override;
  Status on_rows(wire::Tag tag, std::span<const driver::Cell> cells) override;
  Status on_ended(wire::Tag tag, const wire::Ending& ending) override;
  Status on_failed(wire::Tag tag, driver::ServerError report) override;

  std::shared_ptr<const Options> options_;
  driver::ServerAddress server_;
  wire::SessionTraits traits_;
  wire::Replies replies_;
  driver::PreparedCache<PreparedStatement> cache_;
  std::vector<std::uint32_t> to_close_;
  std::map<std::uint64_t, PreparedPtr> cursors_;  ///< open ones with the statement each runs
  std::uint16_t status_ = 0;
  std::shared_ptr<StopRequest> stop_;
};

}  // namespace bridge::mysql

extern template class bridge::driver::StreamConnection<bridge::mysql::ActiveRequest>;
