// A statement that one session has prepared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/driver/row_batch.h"

namespace bridge::postgres {

/// A statement as the server knows it. `name` is empty for one that is not kept.
struct PreparedStatement {
  std::uint64_t serial = 0;
  std::string name;
  std::vector<std::uint32_t> parameter_types;
  std::vector<driver::ResultColumn> columns;
};
using PreparedPtr = std::shared_ptr<PreparedStatement>;

}  // namespace bridge::postgres
