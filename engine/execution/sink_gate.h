// Stands between a connection and a caller's sink, so that a caller may leave while its reply is still
// coming.
#pragma once

#include <memory>

#include "engine/driver/row_sink.h"

namespace bridge::execution {

/// Hands rows on while open; drops them once shut. Lives as long as the request. Loop thread only.
class SinkGate final : public driver::RowSink {
 public:
  explicit SinkGate(std::shared_ptr<driver::RowSink> target) : target_(std::move(target)) {}

  /// No row reaches the target any more.
  void shut() { target_.reset(); }

  Status on_columns(std::span<const driver::ResultColumn> columns) override {
    return target_ ? target_->on_columns(columns) : Status{};
  }
  Status on_batch(const driver::RowBatch& batch) override {
    return target_ ? target_->on_batch(batch) : Status{};
  }
  void on_restart() override {
    if (target_) target_->on_restart();
  }

 private:
  std::shared_ptr<driver::RowSink> target_;
};

}  // namespace bridge::execution
