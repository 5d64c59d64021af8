// Raw text with the values, names and queries between its pieces.
#include <utility>

#include "engine/sql/compilation.h"
#include "engine/sql/dialect.h"
#include "engine/sql/raw_sql.h"

namespace bridge::sql {

Status Compilation::write_raw(const Raw& raw, std::size_t position) {
  if (raw.pieces.size() != raw.parts.size() + 1)
    return make_error(ErrorCode::kQuery, "raw SQL needs one piece of text more than parts");
  BRIDGE_RETURN_IF_ERROR(check_raw_text(raw.pieces, dialect_.raw_text_rules()));
  scopes_.open_isolated();
  const bool was_in_raw_text = std::exchange(is_in_raw_text_, true);
  const PartPositions positions(raw, position);
  text_.append_raw(raw.pieces.front());
  for (std::size_t index = 0; index < raw.parts.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(write_raw_part(positions.at(raw.parts[index])));
    text_.append_raw(raw.pieces[index + 1]);
  }
  is_in_raw_text_ = was_in_raw_text;
  scopes_.close();
  return {};
}

Status Compilation::write_raw_fragment(Operand operand) {
  const auto& pieces = operand.node->as<RawFragment>()->pieces;
  BRIDGE_RETURN_IF_ERROR(check_raw_text(pieces, dialect_.raw_text_rules()));
  text_.words("(").append_raw(pieces.front());
  for (std::size_t index = 1; index < pieces.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(write_raw_part(child(operand, index - 1)));
    text_.append_raw(pieces[index]);
  }
  text_.words(")");
  return {};
}

// Text stays untyped, so that it may also stand for an enum's label and the like.
Status Compilation::write_raw_part(Operand part) {
  const bool is_text =
      part.node->as<Parameter>() != nullptr && part.node->type().storage == types::StorageType::kText;
  return is_text ? write_assigned(part) : write(part, Rank::kAtom);
}

}  // namespace bridge::sql
