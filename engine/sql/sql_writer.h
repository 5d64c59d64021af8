// The only thing that appends to statement text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/compiled_statement.h"

namespace bridge::sql {

class Dialect;

/// Text under construction, with its placeholders. Accepts SQL words (compile-time constants only), quoted
/// identifiers, placeholders and typed DDL literals: a run-time string has no way in except through
/// `append_raw`, for text raw_sql.h has accepted. What is refused on the way (a name too long for the
/// dialect) is kept and told by `status`.
class SqlWriter {
 public:
  explicit SqlWriter(const Dialect& dialect) : dialect_(dialect) {}

  /// Appends SQL words. consteval construction keeps run-time text out.
  class Words {
   public:
    template <std::size_t kSize>
    consteval Words(const char (&text)[kSize])
        : text_(text, kSize - 1) {}  // NOLINT(google-explicit-constructor): only literals convert
    std::string_view text() const { return text_; }

   private:
    std::string_view text_;
  };
  SqlWriter& words(Words text);
  SqlWriter& identifier(const Identifier& name);
  /// Qualified table name.
  SqlWriter& table(const Table& table);
  SqlWriter& table(const std::optional<Identifier>& schema, const Identifier& name);
  /// A function's name; anything but lower-case words with dots is refused.
  SqlWriter& function(std::string_view name);
  SqlWriter& number(std::uint64_t value);
  /// A placeholder for `slot`, in the dialect's form.
  SqlWriter& placeholder(const ParameterSlot& slot);
  /// A constant inside DDL (default, check), as a typed literal. kUnsupportedFeature for types without one.
  Status literal(const types::Value& value, const types::ColumnType& type);
  SqlWriter& append_raw(std::string_view accepted_text);

  const Dialect& dialect() const { return dialect_; }
  /// The first thing refused, if any.
  Status status() const;
  const std::string& text() const { return text_; }
  std::string take_text() { return std::move(text_); }
  const std::vector<ParameterSlot>& slots() const { return slots_; }
  std::vector<ParameterSlot> take_slots() { return std::move(slots_); }
  std::size_t slot_count() const { return slots_.size(); }

 private:
  void refuse(ErrorCode code, std::string message);

  const Dialect& dialect_;
  std::string text_;
  std::vector<ParameterSlot> slots_;
  std::optional<Error> refusal_;
};

}  // namespace bridge::sql
