// What YugabyteDB says differently from postgres.
#include "engine/databases/yugabytedb/dialect.h"

namespace bridge::yugabytedb {

const sql::Dialect& yugabytedb_dialect() {
  static const YugabytedbDialect dialect;
  return dialect;
}

std::string_view YugabytedbDialect::name() const { return "YugabyteDB"; }

}  // namespace bridge::yugabytedb
