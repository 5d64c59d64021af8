// Keeps what was reported, for tests that ask afterwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/telemetry/sink.h"

namespace bridge::telemetry::testing {

/// A span's record with its own copies of what the record only views.
struct RecordedSpan {
  Operation operation;
  std::string statement;
  std::int64_t rowcount;
  Duration duration;
  std::optional<ErrorCode> error;  ///< nothing when it succeeded
};

struct RecordedState {
  std::string subject;
  std::string from;
  std::string to;
  bool operator==(const RecordedState&) const = default;
};

/// Remembers everything in order. Not thread safe.
class RecordingSink final : public Sink {
 public:
  void on_span(const SpanRecord& record) override {
    const auto error = record.error == nullptr ? std::nullopt : std::optional(record.error->code());
    spans.push_back(
        {record.operation, std::string(record.statement), record.rowcount, record.duration, error});
  }
  void on_state(const StateRecord& record) override {
    states.push_back({std::string(record.subject), std::string(record.from), std::string(record.to)});
  }

  std::vector<RecordedSpan> spans;
  std::vector<RecordedState> states;
};

}  // namespace bridge::telemetry::testing
