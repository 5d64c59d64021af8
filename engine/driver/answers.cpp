// Delivery of answers: now, in a later turn, or after the one who owed them is gone.
#include "engine/driver/answers.h"

#include <utility>

namespace bridge::driver {

Answers::~Answers() {
  self_.reset();
  if (owed_.empty()) return;
  loop_.post([owed = std::make_shared<std::vector<Owed>>(std::move(owed_))] {
    for (Owed& answer : *owed) answer.on_done(std::move(answer.outcome));
  });
}

void Answers::add(Completion on_done, Result<Outcome> outcome) {
  if (on_done) owed_.push_back({std::move(on_done), std::move(outcome)});
}

void Answers::schedule() {
  if (is_scheduled_ || owed_.empty()) return;
  is_scheduled_ = true;
  loop_.post([self = std::weak_ptr(self_)] {
    const auto alive = self.lock();
    if (alive == nullptr) return;
    (*alive)->is_scheduled_ = false;
    (*alive)->deliver();
  });
}

void Answers::deliver() {
  // A caller may destroy the connection, and this with it: nothing of it is touched between two answers.
  auto owed = std::exchange(owed_, {});
  for (Owed& answer : owed) answer.on_done(std::move(answer.outcome));
}

}  // namespace bridge::driver
