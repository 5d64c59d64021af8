// Standard SQL and nothing else.
#include "engine/sql/testing/plain_dialect.h"

#include "engine/types/datetime.h"

namespace bridge::sql::testing {
namespace {

using types::StorageType;

SqlWriter::Words to_words(StorageType storage) {
  switch (storage) {
    case StorageType::kBool:
      return "BOOLEAN";
    case StorageType::kInt16:
      return "SMALLINT";
    case StorageType::kInt32:
      return "INTEGER";
    case StorageType::kInt64:
      return "BIGINT";
    case StorageType::kFloat64:
      return "DOUBLE PRECISION";
    case StorageType::kDecimal:
      return "DECIMAL";
    case StorageType::kBytes:
      return "BINARY LARGE OBJECT";
    case StorageType::kDate:
      return "DATE";
    case StorageType::kTime:
      return "TIME";
    case StorageType::kTimestamp:
      return "TIMESTAMP";
    case StorageType::kTimestampUtc:
      return "TIMESTAMP WITH TIME ZONE";
    case StorageType::kInterval:
      return "INTERVAL DAY TO SECOND";
    case StorageType::kUuid:
      return "CHARACTER(36)";
    case StorageType::kJson:
      return "JSON";
    case StorageType::kText:
    case StorageType::kInet:
    case StorageType::kArray:
      return "CHARACTER LARGE OBJECT";
  }
  return "CHARACTER LARGE OBJECT";
}

}  // namespace

std::string_view PlainDialect::name() const { return "plain SQL"; }

const Capabilities& PlainDialect::capabilities() const {
#define BRIDGE_CLAIM(enumerator, name) , Capability::enumerator
  static const Capabilities all = Capabilities::of(Capability::kReturning BRIDGE_CAPABILITIES(BRIDGE_CLAIM));
#undef BRIDGE_CLAIM
  return all;
}

void PlainDialect::write_placeholder(std::string& text, std::size_t index, const types::ColumnType&) const {
  text.append(":").append(std::to_string(index + 1));
}

Status PlainDialect::write_type(SqlWriter& writer, const types::ColumnType& type) const {
  writer.words(to_words(type.storage));
  return {};
}

Status PlainDialect::write_as_of(SqlWriter& writer, const PointInTime& point) const {
  std::string moment;
  BRIDGE_RETURN_IF_ERROR(types::append_timestamp(moment, point.moment));
  writer.words(" FOR SYSTEM_TIME AS OF TIMESTAMP ");
  return writer.literal(types::Value::of_text(moment), {.storage = types::StorageType::kText});
}

}  // namespace bridge::sql::testing
