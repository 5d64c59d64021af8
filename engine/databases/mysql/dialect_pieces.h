// Small pieces of text around operands, as most of MySQL's functions need them.
#pragma once

#include "engine/sql/compilation.h"

namespace bridge::mysql {

/// Writes `opening`, the operand, `closing`.
inline Status write_wrapped(sql::Compilation& compilation, sql::SqlWriter::Words opening,
                            sql::Operand operand, sql::SqlWriter::Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(closing);
  return {};
}

/// Writes `opening`, both operands with `middle` between them, and a closing parenthesis.
inline Status write_pair(sql::Compilation& compilation, sql::SqlWriter::Words opening, sql::Operand left,
                         sql::SqlWriter::Words middle, sql::Operand right) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, opening, left, middle));
  return write_wrapped(compilation, "", right, ")");
}

}  // namespace bridge::mysql
