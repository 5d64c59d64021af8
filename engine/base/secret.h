// Text that must not be printed and does not outlive its use.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace bridge {

/// Owns a password or key. Zeroed when destroyed; no stream operator, no formatting. Move only.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  bool is_empty() const { return text_.empty(); }
  Secret clone() const { return Secret(text_); }
  /// The bare text, for the one place that sends or hashes it.
  std::string_view reveal() const { return text_; }

 private:
  void wipe() noexcept {
    volatile char* cursor = text_.data();  // volatile: the writes must survive optimisation
    for (std::size_t index = 0; index < text_.capacity(); ++index) cursor[index] = 0;
    text_.clear();
  }

  std::string text_;
};

}  // namespace bridge
