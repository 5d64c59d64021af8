// Standard SQL and nothing else: the dialect of tests that need no database, and the template of new ones.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::sql::testing {

/// Has every capability; placeholders are `:1`, `:2` and so on.
class PlainDialect : public Dialect {
 public:
  std::string_view name() const override;
  const Capabilities& capabilities() const override;
  DialectLimits limits() const override { return limits_; }
  void write_placeholder(std::string& text, std::size_t index, const types::ColumnType& type) const override;
  Status write_type(SqlWriter& writer, const types::ColumnType& type) const override;
  Status write_as_of(SqlWriter& writer, const PointInTime& point) const override;

  /// For tests of what happens at the limits.
  void set_limits(const DialectLimits& limits) { limits_ = limits; }

 private:
  DialectLimits limits_;
};

}  // namespace bridge::sql::testing
