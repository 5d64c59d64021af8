// Where the cells of a row lie in the binary protocol.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/databases/mysql/wire/constants.h"
#include "engine/driver/cell_decoder.h"

namespace bridge::mysql::wire {

/// The wire types of a result's columns; shared by a prepared statement and every execution of it.
using RowShape = std::shared_ptr<const std::vector<FieldType>>;

/// Appends one cell per column: the value's bytes without its own length. False when the payload is not
/// exactly a row of this shape.
bool append_row(ByteSpan payload, const std::vector<FieldType>& shape, std::vector<driver::Cell>& cells);

}  // namespace bridge::mysql::wire
