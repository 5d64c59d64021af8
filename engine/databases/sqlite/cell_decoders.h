// Chooses how a column's cells are decoded: strictly by the type the statement expects.
#pragma once

#include "engine/driver/row_batch.h"

namespace bridge::sqlite {

/// The decoder of an expected type. It accepts exactly the stored forms of README.md; any other affinity or
/// form is kDecode, naming the column, the stored and the expected type, never the value.
driver::DecodeCell find_decoder(types::StorageType type);

/// For results nobody described: by each cell's fundamental type.
driver::DecodeCell fundamental_decoder();

}  // namespace bridge::sqlite
