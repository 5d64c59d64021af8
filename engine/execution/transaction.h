// An open transaction: one connection until it ends.
#pragma once

#include <memory>

#include "engine/execution/engine.h"
#include "engine/execution/operation_state.h"

namespace bridge::execution {

class Executor;

/// The Transaction behind the interface. Loop thread only.
class OpenTransaction final : public Transaction, public std::enable_shared_from_this<OpenTransaction> {
 public:
  OpenTransaction(Executor& executor, std::shared_ptr<bool> is_engine_alive, pool::Lease lease)
      : executor_(executor), is_engine_alive_(std::move(is_engine_alive)), lease_(std::move(lease)) {}
  ~OpenTransaction() override;

  Operation commit(Deadline deadline, std::uint64_t origin, Completion on_done) override;
  Operation rollback(Deadline deadline, std::uint64_t origin, Completion on_done) override;
  Operation savepoint(Identifier name, std::uint64_t origin, Completion on_done) override;
  Operation release(Identifier name, std::uint64_t origin, Completion on_done) override;
  Operation rollback_to(Identifier name, std::uint64_t origin, Completion on_done) override;
  bool is_open() const override { return is_open_; }

  /// Queues an operation behind those before it, or rejects it when the transaction has ended.
  void enqueue(const StatePtr& state);
  /// Told of every reply on this transaction before its caller is.
  void on_reply(const StatePtr& state, const Result<Outcome>& result);

 private:
  Operation finish(sql::StatementBody body, Deadline deadline, std::uint64_t origin, Completion on_done);
  Operation say(sql::StatementBody body, std::uint64_t origin, Completion on_done);
  /// Whether the server would commit before it, as it does with definitions in some databases.
  bool ends_transaction(const Operation::State& state) const;

  Executor& executor_;
  std::shared_ptr<bool> is_engine_alive_;
  pool::Lease lease_;
  bool is_open_ = true;
  bool is_aborted_ = false;  ///< the server will refuse everything but a rollback
};

}  // namespace bridge::execution
