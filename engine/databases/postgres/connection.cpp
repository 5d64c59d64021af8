// The queue of a connection, its clock, and its end.
#include "engine/databases/postgres/connection.h"

#include <algorithm>
#include <utility>

#include "engine/base/limits.h"

namespace bridge::postgres {
namespace {

/// How long a server may take to obey a cancel request, or to finish an answer that nobody waits for.
constexpr std::chrono::seconds kPatience{2};

Error lost() { return make_error(ErrorCode::kConnectionLost, "the connection is closed"); }

/// Statements of the driver itself; never kept, so they need no number.
std::shared_ptr<const sql::CompiledStatement> make_internal(std::string_view text) {
  auto statement = std::make_shared<sql::CompiledStatement>();
  statement->text = std::make_shared<const std::string>(text);
  statement->operation = telemetry::Operation::kReset;
  return statement;
}

}  // namespace

Connection::Connection(driver::DriverEnvironment environment, Session session)
    : environment_(environment),
      runner_(std::move(session.runner)),
      options_(std::move(session.options)),
      server_(std::move(session.server)),
      key_(std::move(session.key)),
      cache_(kPreparedCacheSize),
      name_start_("bridge_" + std::to_string(environment.random.next()) + "_"),
      keeps_prepared_(options_->keeps_prepared) {
  runner_->set_owner(this);
}

Connection::~Connection() {
  end(lost());
  self_.reset();
  // Callers are owed an answer even so; it comes in a turn of its own.
  if (answers_.empty()) return;
  environment_.loop.post([answers = std::make_shared<std::vector<Answer>>(std::move(answers_))] {
    for (Answer& answer : *answers) answer.on_done(std::move(answer.outcome));
  });
}

void Connection::execute(telemetry::OperationSpan&, driver::Request request) {
  auto active = std::make_unique<Active>();
  active->request = std::move(request);
  enqueue(std::move(active));
}

void Connection::copy_rows(telemetry::OperationSpan&, driver::Request request, driver::RowSource& source) {
  auto active = std::make_unique<Active>();
  active->kind = Kind::kCopy;
  active->request = std::move(request);
  active->source = &source;
  enqueue(std::move(active));
}

void Connection::ping(telemetry::OperationSpan&, Deadline deadline, driver::Completion on_done) {
  auto active = std::make_unique<Active>();
  active->kind = Kind::kPing;
  active->request.deadline = deadline;
  active->request.on_done = std::move(on_done);
  enqueue(std::move(active));
}

void Connection::reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) {
  static const auto rollback = make_internal("ROLLBACK");
  static const auto discard = make_internal("DISCARD ALL");
  if (is_in_transaction()) {
    driver::Request undo;
    undo.statement = rollback;
    undo.deadline = deadline;
    execute(span, std::move(undo));
  }
  cache_.clear();
  names_to_close_.clear();
  driver::Request request;
  request.statement = discard;
  request.deadline = deadline;
  request.on_done = [this, alive = std::weak_ptr(self_),
                     done = std::move(on_done)](Result<driver::Outcome> outcome) {
    if (outcome && !alive.expired()) is_dirty_ = false;
    done(std::move(outcome));
  };
  execute(span, std::move(request));
}

void Connection::cancel(telemetry::OperationSpan&, Deadline deadline) {
  // With others under way the server might stop the wrong one.
  if (sent_.size() == 1) ask_to_stop(*sent_.front(), Stop::kCaller, deadline);
}

void Connection::close(telemetry::OperationSpan&) {
  if (!is_usable_) return;
  if (sent_.empty()) {
    wire::write_terminate(runner_->out());
    runner_->send();
  }
  end(lost());
  schedule_answers();
}

std::size_t Connection::in_flight() const {
  const auto is_awaited = [](const ActivePtr& active) { return !active->is_released; };
  const auto sent = std::count_if(sent_.begin(), sent_.end(), is_awaited);
  return queue_.size() + static_cast<std::size_t>(sent) + answers_.size();
}

bool Connection::is_ready() const {
  return is_usable_ && queue_.empty() && sent_.empty() && pipeline_.is_idle() && cancel_ == nullptr &&
         runner_->unsent() == 0 && !runner_->has_unread() && !has_wrong_role_ &&
         status_ == wire::TransactionStatus::kIdle;
}

void Connection::enqueue(ActivePtr active) {
  if (!is_usable_) {
    answer(*active, lost());
    schedule_answers();
    return;
  }
  arm_timer(active->request.deadline);
  queue_.push_back(std::move(active));
  schedule_flush();
}

void Connection::schedule_flush() {
  if (has_flush_scheduled_) return;
  has_flush_scheduled_ = true;
  environment_.loop.post([self = std::weak_ptr(self_)] {
    const auto alive = self.lock();
    if (alive == nullptr) return;
    (*alive)->has_flush_scheduled_ = false;
    (*alive)->flush();
  });
}

void Connection::flush() {
  if (!is_usable_) return;
  pump();
  runner_->send();
}

bool Connection::is_held() const {
  // What is written behind a statement that is being described, or behind a bulk load, could not be told
  // apart from it.
  const bool is_busy =
      !sent_.empty() && (sent_.back()->is_only_preparing || sent_.back()->kind == Kind::kCopy);
  return is_busy || cancel_ != nullptr;
}

void Connection::pump() {
  while (is_usable_ && !queue_.empty() && !is_held()) send_next();
  if (!answers_.empty()) schedule_answers();
}

void Connection::answer(Active& active, Result<driver::Outcome> outcome) {
  if (active.is_released) return;
  active.is_released = true;
  active.request.sink = nullptr;
  active.source = nullptr;
  if (active.request.on_done) answers_.push_back({std::move(active.request.on_done), std::move(outcome)});
}

void Connection::schedule_answers() {
  if (has_answers_scheduled_) return;
  has_answers_scheduled_ = true;
  environment_.loop.post([self = std::weak_ptr(self_)] {
    const auto alive = self.lock();
    if (alive == nullptr) return;
    (*alive)->has_answers_scheduled_ = false;
    (*alive)->deliver_answers();
  });
}

void Connection::deliver_answers() {
  // A caller may destroy this connection: nothing of it is touched between two answers.
  auto answers = std::exchange(answers_, {});
  for (Answer& answer : answers) answer.on_done(std::move(answer.outcome));
}

void Connection::arm_timer(Deadline deadline) {
  if (deadline.is_never() || (timer_ != nullptr && armed_.at() <= deadline.at())) return;
  armed_ = deadline;
  timer_ = environment_.loop.start_timer(deadline.at(), [this] { on_timer(); });
}

void Connection::on_timer() {
  timer_.reset();
  const TimePoint now = environment_.clock.now();
  expire_queued(now);
  expire_sent(now);
  for (const ActivePtr& active : queue_) arm_timer(active->request.deadline);
  for (const ActivePtr& active : sent_) {
    if (!active->is_released && active->stop == Stop::kNone) arm_timer(active->request.deadline);
    if (active->patience_ends != TimePoint::max()) arm_timer(Deadline(active->patience_ends));
  }
  if (!answers_.empty()) schedule_answers();
}

void Connection::expire_queued(TimePoint now) {
  std::erase_if(queue_, [&](const ActivePtr& active) {
    if (!active->request.deadline.has_passed(now)) return false;
    answer(*active,
           make_error(ErrorCode::kDeadlineExceeded, "the deadline passed before the statement was sent"));
    return true;
  });
}

void Connection::expire_sent(TimePoint now) {
  for (const ActivePtr& active : sent_) {
    if (active->patience_ends <= now) {
      return end(
          make_error(ErrorCode::kConnectionLost, "the server did not end a statement it was asked to stop"));
    }
    const bool is_late =
        active->request.deadline.has_passed(now) && active->stop == Stop::kNone && !active->is_released;
    if (!is_late) continue;
    if (sent_.size() == 1) {
      ask_to_stop(*active, Stop::kDeadline, Deadline(now + kPatience));
      continue;
    }
    active->patience_ends = now + kPatience;
    answer(*active, make_error(ErrorCode::kDeadlineExceeded, "the deadline passed while the statement ran")
                        .with_sent(Sent::kYes));
  }
}

void Connection::ask_to_stop(Active& active, Stop reason, Deadline deadline) {
  if (active.stop != Stop::kNone || cancel_ != nullptr) return;
  active.stop = reason;
  active.patience_ends = environment_.clock.now() + kPatience;
  arm_timer(Deadline(active.patience_ends));
  if (key_.secret.empty()) return;  // a server without cancel keys: patience decides
  cancel_ = std::make_shared<CancelRequest>(environment_, server_, options_->uses_direct_tls, key_);
  cancel_->start(deadline.earlier(Deadline(active.patience_ends)), [self = std::weak_ptr(self_)] {
    const auto alive = self.lock();
    if (alive == nullptr) return;
    (*alive)->cancel_.reset();
    (*alive)->schedule_flush();
  });
}

void Connection::end(Error error) {
  if (!is_usable_) return;
  is_usable_ = false;
  const std::uint64_t left = runner_->total_sent();
  let_go_of_stream();
  for (auto* requests : {&sent_, &queue_}) {
    for (const ActivePtr& active : *requests) {
      const bool was_seen = active->was_sent && active->first_byte < left;
      Error copy =
          error.clone().with_code(ErrorCode::kConnectionLost).with_sent(was_seen ? Sent::kYes : Sent::kNo);
      if (was_seen && active->stop == Stop::kDeadline)
        copy = std::move(copy).with_code(ErrorCode::kDeadlineExceeded);
      answer(*active, std::move(copy));
    }
    requests->clear();
  }
}

void Connection::let_go_of_stream() {
  runner_->set_owner(nullptr);
  runner_->close();
  timer_.reset();
  cancel_.reset();
}

Result<std::size_t> Connection::on_received(ByteSpan received) { return pipeline_.receive(received); }

void Connection::on_turn_end() {
  pump();
  runner_->send();
  deliver_answers();
}

void Connection::on_drained() { feed_copy(); }

void Connection::on_lost(Error error) {
  end(std::move(error));
  deliver_answers();
}

}  // namespace bridge::postgres
