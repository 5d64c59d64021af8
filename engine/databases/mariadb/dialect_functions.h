// The calls that MariaDB says in other words than its parent.
#pragma once

#include <string_view>

#include "engine/databases/mysql/dialect_functions.h"

namespace bridge::mariadb {

/// The writer of a call that is not the parent's; null where the parent's is.
mysql::FunctionWriter find_own_writer(std::string_view portable_name);

}  // namespace bridge::mariadb
