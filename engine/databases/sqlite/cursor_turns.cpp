// Statements that rest between two batches of their rows.
#include <utility>

#include "engine/databases/sqlite/connection.h"

namespace bridge::sqlite {

void SqliteConnection::fetch(telemetry::OperationSpan&, driver::Request request, driver::CursorFetch fetch) {
  auto job = std::make_unique<Job>();
  job->kind = Job::Kind::kFetch;
  job->request = std::move(request);
  job->fetch = fetch;
  enqueue(std::move(job));
}

void SqliteConnection::close_cursor(telemetry::OperationSpan&, std::uint64_t cursor, Deadline deadline,
                                    driver::Completion on_done) {
  auto job = std::make_unique<Job>();
  job->kind = Job::Kind::kCloseCursor;
  job->request.deadline = deadline;
  job->request.on_done = std::move(on_done);
  job->fetch.cursor = cursor;
  enqueue(std::move(job));
}

void SqliteConnection::start_fetch() {
  Job& job = *current_;
  if (job.fetch.is_opening) return start_statement();
  auto found = session_->cursors.extract(job.fetch.cursor);
  if (found.empty()) {
    return conclude(make_error(ErrorCode::kQuery,
                               "the cursor was closed: its transaction has ended or an error ended it"));
  }
  job.request.parameters = std::move(found.mapped().parameters);
  job.run = std::move(found.mapped().run);
  run_again();
}

void SqliteConnection::start_closing_cursor() {
  session_->cursors.erase(current_->fetch.cursor);
  conclude(driver::Outcome{});
}

bool SqliteConnection::has_all_rows() const {
  return current_->is_fetch() && current_->filled >= current_->fetch.rows;
}

void SqliteConnection::rest_cursor(Job& job) {
  session_->cursors[job.fetch.cursor] = {.parameters = std::move(job.request.parameters),
                                         .run = std::move(job.run),
                                         .is_of_transaction = is_in_transaction_};
}

void SqliteConnection::end_cursors_of_transaction() {
  std::erase_if(session_->cursors, [](const auto& entry) { return entry.second.is_of_transaction; });
}

// In memory there is one connection, on which a cursor rests while others use it.
bool SqliteConnection::has_lasting_cursor() const {
  return session_ && !session_->cursors.empty() && !options_.is_in_memory;
}

}  // namespace bridge::sqlite
