// Appends words, names, placeholders and literals.
#include "engine/sql/sql_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/sql/dialect.h"

namespace bridge::sql {

SqlWriter& SqlWriter::words(Words text) {
  text_.append(text.text());
  return *this;
}

SqlWriter& SqlWriter::identifier(const Identifier& name) {
  const std::size_t limit = dialect_.limits().max_identifier_bytes;
  if (name.text().size() > limit) {
    refuse(ErrorCode::kInvalidIdentifier, "the name " + name.text() + " is longer than the " +
                                              std::to_string(limit) + " bytes " +
                                              std::string(dialect_.name()) + " allows");
  }
  dialect_.write_quoted(text_, name);
  return *this;
}

SqlWriter& SqlWriter::table(const Table& table) { return this->table(table.schema, table.name); }

SqlWriter& SqlWriter::table(const std::optional<Identifier>& schema, const Identifier& name) {
  if (schema) {
    if (!dialect_.capabilities().has(Capability::kSchemas)) {
      refuse(ErrorCode::kUnsupportedFeature, std::string(dialect_.name()) + " has no schemas, which table " +
                                                 name.text() +
                                                 " asks for; put it into a database of its own");
    }
    identifier(*schema).words(".");
  }
  return identifier(name);
}

SqlWriter& SqlWriter::function(std::string_view name) {
  const auto is_plain = [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
           character == '_' || character == '.';
  };
  if (!std::all_of(name.begin(), name.end(), is_plain)) {
    refuse(ErrorCode::kInvalidIdentifier, "a function name must be a plain lower-case word");
    return *this;
  }
  text_.append(name);
  return *this;
}

SqlWriter& SqlWriter::number(std::uint64_t value) {
  std::array<char, 20> digits{};  // 2^64 has twenty
  const auto [end, problem] = std::to_chars(digits.begin(), digits.end(), value);
  text_.append(digits.begin(), end);
  return *this;
}

SqlWriter& SqlWriter::placeholder(const ParameterSlot& slot) {
  slots_.push_back(slot);
  dialect_.write_placeholder(text_, slots_.size() - 1, slot.type);
  return *this;
}

Status SqlWriter::literal(const types::Value& value, const types::ColumnType& type) {
  return dialect_.write_literal(text_, value, type);
}

SqlWriter& SqlWriter::append_raw(std::string_view accepted_text) {
  text_.append(accepted_text);
  return *this;
}

void SqlWriter::refuse(ErrorCode code, std::string message) {
  if (!refusal_) refusal_.emplace(code, std::move(message));
}

Status SqlWriter::status() const {
  if (refusal_) return refusal_->clone();
  return {};
}

}  // namespace bridge::sql
