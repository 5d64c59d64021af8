// What MySQL says differently from standard SQL.
#include "engine/databases/mysql/dialect.h"

#include "engine/databases/mysql/type_map.h"

namespace bridge::mysql {

const sql::Dialect& mysql_dialect() {
  static const MysqlDialect dialect;
  return dialect;
}

std::string_view MysqlDialect::name() const { return "MySQL"; }

const sql::Capabilities& MysqlDialect::capabilities() const {
  static const sql::Capabilities none;  // a claim is made together with the test that proves it
  return none;
}

void MysqlDialect::write_placeholder(std::string& text, std::size_t, const types::ColumnType&) const {
  text.append("?");
}

Status MysqlDialect::write_type(sql::SqlWriter& writer, const types::ColumnType& type) const {
  writer.words(to_words(type.storage));
  return {};
}

}  // namespace bridge::mysql
