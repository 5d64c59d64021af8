// The type of MySQL for each storage type; the switch has no default, so that the compiler names a new one.
#include "engine/databases/mysql/type_map.h"

namespace bridge::mysql {

sql::SqlWriter::Words to_words(types::StorageType storage) {
  using enum types::StorageType;
  switch (storage) {
    case kBool:
      return "BOOLEAN";
    case kInt16:
      return "SMALLINT";
    case kInt32:
      return "INTEGER";
    case kInt64:
      return "BIGINT";
    case kFloat64:
      return "DOUBLE PRECISION";
    case kDecimal:
      return "DECIMAL";
    case kBytes:
      return "BINARY LARGE OBJECT";
    case kDate:
      return "DATE";
    case kTime:
      return "TIME";
    case kTimestamp:
      return "TIMESTAMP";
    case kTimestampUtc:
      return "TIMESTAMP WITH TIME ZONE";
    case kInterval:
      return "INTERVAL DAY TO SECOND";
    case kUuid:
      return "CHARACTER(36)";
    case kText:
    case kJson:
    case kInet:
    case kArray:
      break;
  }
  return "CHARACTER LARGE OBJECT";
}

}  // namespace bridge::mysql
