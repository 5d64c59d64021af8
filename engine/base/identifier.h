// A checked SQL name: the only thing that can be quoted.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace bridge {

/// The longest name any dialect accepts; each dialect lowers it to its own limit when compiling.
inline constexpr std::size_t kIdentifierMaxLength = 128;

/// A name of a table, column, constraint, alias or savepoint. Made only by `make`, which accepts exactly
/// `[A-Za-z_][A-Za-z0-9_]*` of at most `kIdentifierMaxLength` characters. Immutable.
class Identifier {
 public:
  /// Fails with `kInvalidIdentifier`; the message names the rule and the length, never the text.
  static Result<Identifier> make(std::string_view text);

  const std::string& text() const { return text_; }
  bool operator==(const Identifier&) const = default;

 private:
  explicit Identifier(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace bridge
