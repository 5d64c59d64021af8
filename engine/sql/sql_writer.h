// The only thing that appends to statement text.
#pragma once

#include <string>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/sql/compiled_statement.h"

namespace bridge::sql {

class Dialect;

/// Text under construction, with its placeholders. Accepts SQL words (compile-time constants only), quoted identifiers, placeholders and typed DDL literals: a
/// run-time string has no way in except through `append_raw`, for text raw_sql.h has accepted.
class SqlWriter {
 public:
  explicit SqlWriter(const Dialect& dialect) : dialect_(dialect) {}

  /// Appends SQL words. consteval construction keeps run-time text out.
  class Words {
   public:
    template <std::size_t kSize>
    consteval Words(const char (&text)[kSize]) : text_(text, kSize - 1) {}  // NOLINT(google-explicit-constructor): only literals convert
    std::string_view text() const { return text_; }

   private:
    std::string_view text_;
  };
  SqlWriter& words(Words text);
  SqlWriter& identifier(const Identifier& name);
  /// Qualified table name.
  SqlWriter& table(const Table& table);
  SqlWriter& number(std::uint64_t value);
  /// A placeholder for `slot`, in the dialect's form.
  SqlWriter& placeholder(const ParameterSlot& slot);
  /// A constant inside DDL (default, check), as a typed literal. kUnsupportedFeature for types without one.
  Status literal(const types::Value& value);
  SqlWriter& append_raw(std::string_view accepted_text);

  const Dialect& dialect() const { return dialect_; }
  std::string take_text() { return std::move(text_); }
  std::vector<ParameterSlot> take_slots() { return std::move(slots_); }
  std::size_t slot_count() const { return slots_.size(); }

 private:
  const Dialect& dialect_;
  std::string text_;
  std::vector<ParameterSlot> slots_;
};

}  // namespace bridge::sql
