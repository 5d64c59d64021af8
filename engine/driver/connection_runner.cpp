// Reads in turns of bounded size, writes everything gathered at once, and never calls its owner from inside
// `send`.
#include "engine/driver/connection_runner.h"

#include <cstring>
#include <optional>
#include <utility>

namespace bridge::driver {
namespace {

// several hundred usual rows; what an idle connection keeps
constexpr std::size_t kBufferBytes = 65'536;
constexpr std::size_t kMinimumRead = 8'192;  // below this a read is not worth its system call
// read in one turn before others get theirs: about kTickBudget of decoding
constexpr std::size_t kTurnBytes = 4U * 1024 * 1024;
constexpr std::size_t kKeptOutBytes = 1024U * 1024;  // a send buffer grown beyond is given back

}  // namespace

Status ConnectionRunner::adopt(std::unique_ptr<net::Transport> transport) {
  transport_ = std::move(transport);
  if (buffer_ == nullptr) {
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
    capacity_ = kBufferBytes;
  }
  interest_ = {.readable = true, .writable = false};
  return transport_->watch(interest_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_ready();
  });
}

std::unique_ptr<net::Transport> ConnectionRunner::release() {
  // a watch that cannot be paused ends with the transport
  if (transport_ != nullptr) static_cast<void>(transport_->watch({}, [] {}));
  return std::move(transport_);
}

void ConnectionRunner::close() noexcept {
  if (transport_ == nullptr) return;
  transport_->close();
  transport_.reset();
}

void ConnectionRunner::on_ready() {
  const auto self = shared_from_this();
  const bool had_unsent = unsent() > 0;
  if (had_unsent) write_pending();
  if (!read_turn()) return;
  if (had_unsent && unsent() == 0 && transport_ != nullptr && owner_ != nullptr) owner_->on_drained();
  if (owner_ != nullptr) owner_->on_turn_end();
}

bool ConnectionRunner::read_turn() {
  std::size_t share = kTurnBytes;
  while (transport_ != nullptr && owner_ != nullptr && interest_.readable) {
    make_room();
    const std::size_t room = capacity_ - end_;
    auto size = transport_->read_some({buffer_.get() + end_, room});
    if (!size) {
      lose(std::move(size).error());
      return false;
    }
    if (*size == 0) return true;
    end_ += *size;
    if (!hand_over()) return false;
    // A short read has emptied the socket; the watch tells of more.
    if (*size < room && (transport_ == nullptr || !transport_->has_buffered_input())) return true;
    if (*size >= share) return true;
    share -= *size;
  }
  return true;
}

bool ConnectionRunner::hand_over() {
  auto consumed = owner_->on_received({buffer_.get() + begin_, end_ - begin_});
  if (!consumed) {
    lose(std::move(consumed).error());
    return false;
  }
  begin_ += *consumed;
  settle_buffer();
  return true;
}

void ConnectionRunner::settle_buffer() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > kBufferBytes) {
      buffer_ = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
      capacity_ = kBufferBytes;
    }
    return;
  }
  if (begin_ == 0) return;
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
}

void ConnectionRunner::make_room() {
  if (capacity_ - end_ >= kMinimumRead) return;
  // Grown by what has arrived, never by what a length claims.
  const std::size_t larger = capacity_ * 2;
  auto grown = std::make_unique_for_overwrite<std::byte[]>(larger);
  std::memcpy(grown.get(), buffer_.get() + begin_, end_ - begin_);
  buffer_ = std::move(grown);
  capacity_ = larger;
  end_ -= begin_;
  begin_ = 0;
}

void ConnectionRunner::lose(Error error) {
  close();
  if (StreamOwner* owner = std::exchange(owner_, nullptr)) owner->on_lost(std::move(error));
}

void ConnectionRunner::send() {
  if (transport_ == nullptr || unsent() == 0 || is_failing_) return;
  write_pending();
}

// What the server said before it closed may still be read; it tells more than the failed write.
void ConnectionRunner::lose_after_reading(Error error) {
  is_failing_ = true;
  loop_.post([weak = weak_from_this(), failure = std::make_shared<Error>(std::move(error))] {
    const auto self = weak.lock();
    if (self == nullptr || self->transport_ == nullptr || !self->read_turn()) return;
    self->lose(std::move(*failure));
  });
}

void ConnectionRunner::write_pending() {
  if (is_failing_) return;
  while (unsent() > 0) {
    auto size = transport_->write_some(out_.view().subspan(sent_));
    if (!size) return lose_after_reading(std::move(size).error());
    if (*size == 0) break;
    sent_ += *size;
    total_sent_ += *size;
  }
  if (unsent() == 0) {
    sent_ = 0;
    if (out_.size() > kKeptOutBytes) static_cast<void>(out_.take());
    out_.clear();
  }
  watch({.readable = interest_.readable, .writable = unsent() > 0});
}

void ConnectionRunner::pause() { watch({.readable = false, .writable = interest_.writable}); }

void ConnectionRunner::resume() {
  if (transport_ == nullptr || interest_.readable) return;
  watch({.readable = true, .writable = interest_.writable});
  // What rests here, or inside TLS, wakes nobody up.
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->read_rested();
  });
}

void ConnectionRunner::read_rested() {
  if (transport_ == nullptr || owner_ == nullptr || !interest_.readable) return;
  if (has_unread() && !hand_over()) return;
  if (!read_turn()) return;
  if (owner_ != nullptr) owner_->on_turn_end();
}

void ConnectionRunner::watch(net::Interest wanted) {
  const bool is_watched = wanted.readable == interest_.readable && wanted.writable == interest_.writable;
  if (transport_ == nullptr || is_watched) return;
  interest_ = wanted;
  const Status watched = transport_->watch(interest_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_ready();
  });
  if (watched) return;
  is_failing_ = true;
  auto error = std::make_shared<Error>(watched.error().clone());
  loop_.post([weak = weak_from_this(), error] {
    if (const auto self = weak.lock()) self->lose(std::move(*error));
  });
}

}  // namespace bridge::driver
