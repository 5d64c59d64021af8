// Counts rows on their way and stops at the first that is too many.
#include "bindings/row_limit.h"

namespace bridge::python {
namespace {

namespace nb = nanobind;

constexpr std::size_t kLimitSize = 2;  // rows, exception

std::shared_ptr<RowLimit> to_row_limit(nb::handle limit) {
  if (!nb::isinstance<nb::tuple>(limit) || nb::len(limit) != kLimitSize ||
      PyExceptionInstance_Check(nb::object(limit[1]).ptr()) == 0)
    throw nb::type_error("limit is neither a pair of rows and exception nor None");
  const auto rows = nb::cast<std::size_t>(limit[0]);
  return std::make_shared<RowLimit>(RowLimit{rows, Reference::borrow(nb::object(limit[1]).ptr())});
}

}  // namespace

Status LimitedSink::on_columns(std::span<const driver::ResultColumn> columns) {
  return target_ ? target_->on_columns(columns) : Status();
}

Status LimitedSink::on_batch(const driver::RowBatch& batch) {
  seen_ += batch.row_count();
  if (seen_ <= rows_) return target_ ? target_->on_batch(batch) : Status();
  if (!is_exceeded_) stop_();
  is_exceeded_ = true;
  return make_error(ErrorCode::kCancelled, "the statement gives more rows than are allowed");
}

void LimitedSink::on_restart() {
  seen_ = 0;
  if (target_) target_->on_restart();
}

Result<LimitedRows> limit_rows(const std::shared_ptr<Host>& host, nb::handle limit,
                               std::shared_ptr<driver::RowSink> sink, FindCause find_cause) {
  if (limit.is_none()) return LimitedRows{std::move(sink), std::move(find_cause), nullptr};
  const std::shared_ptr<RowLimit> wanted = to_row_limit(limit);
  auto operation = std::make_shared<execution::Operation>();
  const auto counted = std::make_shared<LimitedSink>(std::move(sink), wanted->rows, [operation, host] {
    host->loop().post([operation] { operation->cancel(); });
  });
  return LimitedRows{counted,
                     [counted, wanted, find_cause = std::move(find_cause)]() -> Reference {
                       if (counted->is_exceeded()) return std::move(wanted->exception);
                       return find_cause ? find_cause() : Reference();
                     },
                     std::move(operation)};
}

}  // namespace bridge::python
