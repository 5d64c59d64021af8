// Storage types in the words of an Arrow schema.
#include "engine/arrow/decimal_width.h"
#include "engine/arrow/table.h"

namespace bridge::arrow {
namespace {

Result<std::string> to_decimal_format(const Field& field) {
  const types::ColumnType& type = field.type;
  if (type.precision == 0) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        "column " + field.name +
            ": a decimal of unknown precision has no exact Arrow type; cast it to a type that has "
            "one, such as str or float");
  }
  if (type.precision > kMaxPrecision) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      "column " + field.name + ": Arrow has no decimal of more than 76 digits");
  }
  std::string format = "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
  if (type.precision > kNarrowPrecision) format += ",256";
  return format;
}

}  // namespace

Result<std::string> to_format(const Field& field) {
  using types::StorageType;
  switch (field.type.storage) {
    case StorageType::kBool:
      return std::string("b");
    case StorageType::kInt16:
      return std::string("s");
    case StorageType::kInt32:
      return std::string("i");
    case StorageType::kInt64:
      return std::string("l");
    case StorageType::kFloat64:
      return std::string("g");
    case StorageType::kDecimal:
      return to_decimal_format(field);
    case StorageType::kText:
    case StorageType::kJson:
    case StorageType::kInet:
      return std::string("u");
    case StorageType::kBytes:
      return std::string("z");
    case StorageType::kDate:
      return std::string("tdD");
    case StorageType::kTime:
      return std::string("ttu");
    case StorageType::kTimestamp:
      return std::string("tsu:");
    case StorageType::kTimestampUtc:
      return std::string("tsu:UTC");
    case StorageType::kInterval:
      return std::string("tDu");
    case StorageType::kUuid:
      return std::string("w:16");
    case StorageType::kArray:
      return std::string("+l");
  }
  return make_error(ErrorCode::kInternal, "column " + field.name + " has an unknown type");
}

}  // namespace bridge::arrow
