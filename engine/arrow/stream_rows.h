// Rows out of a foreign stream, a batch in memory at a time: the source of a bulk insert.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/arrow/import_values.h"
#include "engine/driver/driver.h"

namespace bridge::arrow {

/// Owns a struct of the C interfaces and releases it.
template <typename Struct>
class Owned {
 public:
  Owned() : held_{} {}
  /// Moves the struct in; what it came from is marked as released.
  explicit Owned(Struct& from) : held_(from) { from.release = nullptr; }
  ~Owned() { reset(); }
  Owned(Owned&& other) noexcept : held_(other.held_) { other.held_.release = nullptr; }
  Owned& operator=(Owned&& other) noexcept {
    if (this == &other) return *this;
    reset();
    held_ = other.held_;
    other.held_.release = nullptr;
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  bool is_set() const { return held_.release != nullptr; }
  Struct* get() { return &held_; }
  const Struct& operator*() const { return held_; }
  void reset() {
    if (held_.release != nullptr) held_.release(&held_);
    held_ = {};
  }

 private:
  Struct held_;
};

/// How calls into the producer are made: it may take locks, and run Python.
using CallProducer = std::function<int(const std::function<int()>& call)>;

/// A stream whose schema is known. Used by one thread at a time, not always the same.
class StreamRows final : public driver::RowSource {
 public:
  /// Takes the stream over and asks for its schema. kValidation where that is broken or no struct of columns.
  static Result<std::unique_ptr<StreamRows>> open(ArrowArrayStream& stream, CallProducer call_producer);

  /// The same for one batch on its own, with its schema.
  static Result<std::unique_ptr<StreamRows>> open(ArrowSchema& schema, ArrowArray& batch);

  /// The stream's columns, in its order; none twice.
  const std::vector<std::string>& names() const { return names_; }
  /// Chooses what rows are made of: each column by its name, in this order. kValidation where a type does not
  /// fit.
  Status choose(std::vector<ImportColumn> columns);

  /// Fills the first places of `row`, one for each column chosen.
  Result<bool> next(std::vector<types::Value>& row) override;

 private:
  struct Chosen {
    ImportColumn column;
    ImportFormat format;
    std::size_t place = 0;  ///< among the stream's columns
  };

  StreamRows(Owned<ArrowArrayStream> stream, CallProducer call_producer)
      : stream_(std::move(stream)), call_producer_(std::move(call_producer)) {}
  Status ask_for_schema();
  Status read_schema();
  Status read_batch();
  Status ask_for_batch();
  Status check_batch() const;
  Error describe_failure(std::string_view what);

  Owned<ArrowArrayStream> stream_;
  CallProducer call_producer_;
  Owned<ArrowSchema> schema_;
  Owned<ArrowArray> batch_;
  Owned<ArrowArray> only_batch_;  ///< set until it is read, where there is no stream
  std::vector<std::string> names_;
  std::vector<Chosen> chosen_;
  std::int64_t position_ = 0;  ///< rows of the batch handed out
  bool has_ended_ = false;
};

}  // namespace bridge::arrow
