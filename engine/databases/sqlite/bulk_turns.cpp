// A bulk load between two threads: the loop pulls rows, the worker inserts them.
#include <utility>

#include "engine/databases/sqlite/connection.h"
#include "engine/databases/sqlite/error_map.h"

namespace bridge::sqlite {
namespace {

constexpr Duration kLockWait = std::chrono::milliseconds(10);

}  // namespace

void SqliteConnection::start_bulk_load() {
  Job& job = *current_;
  DatabaseHandle& handle = *session_->handle;
  handle.distrust(false);
  auto prepared = session_->cache.find_or_prepare(handle.get(), job.request.statement);
  if (!prepared) return conclude(std::move(prepared).error());
  job.load.emplace(handle, std::move(*prepared));
  begin_bulk_load();
}

void SqliteConnection::begin_bulk_load() {
  Job& job = *current_;
  const int code = job.load->begin();
  const TimePoint now = environment_.clock.now();
  if (is_busy(code)) {
    if (!job.gives_up_at)
      job.gives_up_at = job.request.deadline.earlier(Deadline(now + options_.busy_timeout)).at();
    if (now >= *job.gives_up_at) return conclude(last_error(session_->handle->get()));
    timer_ = environment_.loop.start_timer(
        std::min(now + kLockWait, *job.gives_up_at), [this, alive = std::weak_ptr<bool>(token_)] {
          if (alive.expired()) return;
          const std::unique_ptr<net::Timer> due = std::move(timer_);  // lives until this callback ends
          begin_bulk_load();
          if (!alive.expired()) drain();
        });
    return;
  }
  if (code != 0) {
    is_open_ = is_open_ && !is_fatal(code);
    return conclude(last_error(session_->handle->get()));
  }
  is_on_worker_ = true;
  filling_ = 0;
  slices_[filling_].is_last = false;
  Status pulled = slices_[filling_].pull(*job.source);
  if (!pulled) return end_bulk_load(std::move(pulled));
  submit_slice();
}

void SqliteConnection::submit_slice() {
  Job& job = *current_;
  const RowSlice& slice = slices_[filling_];
  worker_->submit([&job, &slice] { job.load_status = job.load->insert(slice); }, [this] { on_slice_done(); });
  if (slice.is_last) return;
  // meanwhile the loop pulls the next one
  RowSlice& next = slices_[1 - filling_];
  next.is_last = false;
  Status pulled = next.pull(*job.source);
  if (!pulled) job.sink_error = std::move(pulled).error();
}

void SqliteConnection::on_slice_done() {
  Job& job = *current_;
  if (!job.load_status) return end_bulk_load(std::move(job.load_status));
  if (job.sink_error) return end_bulk_load(std::move(*job.sink_error));
  if (slices_[filling_].is_last) return end_bulk_load({});
  if (job.request.deadline.has_passed(environment_.clock.now())) {
    return end_bulk_load(make_error(ErrorCode::kDeadlineExceeded,
                                    "the deadline passed during a bulk load; nothing of it was kept")
                             .with_sent(Sent::kYes));
  }
  filling_ = 1 - filling_;
  submit_slice();
}

void SqliteConnection::end_bulk_load(Status status) {
  Job& job = *current_;
  const bool is_good = status.has_value();
  if (!is_good) job.sink_error = std::move(status).error();
  worker_->submit([&job, is_good] { job.load_status = job.load->finish(is_good); },
                  [this] {
                    const std::weak_ptr<bool> alive = token_;
                    Job& ended = *current_;
                    is_open_ = is_open_ && !ended.load->is_fatal();
                    Result<driver::Outcome> result = driver::Outcome{ended.load->inserted()};
                    if (!ended.load_status) result = std::move(ended.load_status).error();
                    if (ended.sink_error) result = std::move(*ended.sink_error);
                    conclude(std::move(result));
                    if (!alive.expired()) drain();
                  });
}

}  // namespace bridge::sqlite
