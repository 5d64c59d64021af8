// MySQL's answers to the questions of SQL.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::mysql {

/// What MySQL says; everything not overridden is standard SQL.
class MysqlDialect : public sql::Dialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;
  void write_placeholder(std::string& text, std::size_t index, const types::ColumnType& type) const override;
  Status write_type(sql::SqlWriter& writer, const types::ColumnType& type) const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& mysql_dialect();

}  // namespace bridge::mysql
