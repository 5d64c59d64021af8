// Writes text search and its indexes.
#include "engine/databases/postgres/dialect_text_search.h"

#include "engine/databases/postgres/dialect.h"
#include "engine/sql/compilation.h"
#include "engine/sql/constraint_names.h"
#include "engine/sql/text_search.h"

namespace bridge::postgres {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using sql::SqlWriter;
using Words = SqlWriter::Words;

constexpr types::ColumnType kText{.storage = types::StorageType::kText};

// A constant of its own type, whose meaning does not change: what an index may be made of.
Status write_language(SqlWriter& text, const std::string& language) {
  text.words("CAST(");
  BRIDGE_RETURN_IF_ERROR(text.literal(types::Value::of_text(language), kText));
  text.words(" AS regconfig)");
  return {};
}

// Texts one behind the other, each by `write(index)`; one that is NULL has no words.
template <typename Write>
Status write_document(SqlWriter& text, const std::string& language, std::size_t count, Write write) {
  text.words("to_tsvector(");
  BRIDGE_RETURN_IF_ERROR(write_language(text, language));
  for (std::size_t index = 0; index < count; ++index) {
    text.words(index == 0 ? Words(", COALESCE(") : Words(" || ' ' || COALESCE("));
    BRIDGE_RETURN_IF_ERROR(write(index));
    text.words(", '')");
  }
  text.words(")");
  return {};
}

const std::string& language_of(Operand call) { return call.node->as<sql::FunctionCall>()->language; }

Status write_searched(Compilation& compilation, Operand call) {
  return write_document(
      compilation.text(), language_of(call), sql::searched_text_count(*call.node), [&](std::size_t index) {
        return compilation.write(Compilation::child(call, sql::kFirstSearchedText + index), sql::Rank::kAtom);
      });
}

// websearch_to_tsquery takes any text without an error.
Status write_query(Compilation& compilation, Operand call) {
  compilation.text().words("websearch_to_tsquery(");
  BRIDGE_RETURN_IF_ERROR(write_language(compilation.text(), language_of(call)));
  compilation.text().words(", ");
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 0), sql::Rank::kAtom));
  compilation.text().words(")");
  return {};
}

// A mark as an option: inside quotes, where a quote is doubled.
Status write_mark(Compilation& compilation, Words opening, Operand mark) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(mark, sql::Rank::kAtom));
  compilation.text().words(", '\"', '\"\"') || '\"'");
  return {};
}

// `options` opens a text that the marks continue.
Status write_headline(Compilation& compilation, Operand call, Words options) {
  SqlWriter& text = compilation.text();
  text.words("ts_headline(");
  BRIDGE_RETURN_IF_ERROR(write_language(text, language_of(call)));
  text.words(", ");
  BRIDGE_RETURN_IF_ERROR(
      compilation.write(Compilation::child(call, sql::kFirstSearchedText), sql::Rank::kAtom));
  text.words(", ");
  BRIDGE_RETURN_IF_ERROR(write_query(compilation, call));
  text.words(", ").words(options);
  BRIDGE_RETURN_IF_ERROR(write_mark(compilation, "'StartSel=\"' || REPLACE(",
                                    Compilation::child(call, sql::kFirstSearchedText + 1)));
  return write_mark(compilation, " || ', StopSel=\"' || REPLACE(",
                    Compilation::child(call, sql::kFirstSearchedText + 2));
}

}  // namespace

Status write_text_matches(const Dialect&, Compilation& compilation, Operand call) {
  compilation.text().words("(");
  BRIDGE_RETURN_IF_ERROR(write_searched(compilation, call));
  compilation.text().words(" @@ ");
  BRIDGE_RETURN_IF_ERROR(write_query(compilation, call));
  compilation.text().words(")");
  return {};
}

Status write_text_rank(const Dialect&, Compilation& compilation, Operand call) {
  compilation.text().words("CAST(ts_rank(");
  BRIDGE_RETURN_IF_ERROR(write_searched(compilation, call));
  compilation.text().words(", ");
  BRIDGE_RETURN_IF_ERROR(write_query(compilation, call));
  compilation.text().words(") AS double precision)");
  return {};
}

Status write_text_highlight(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(write_headline(compilation, call, "'HighlightAll=true, ' || "));
  compilation.text().words(")");
  return {};
}

// So many words and no fewer, however short they are.
Status write_text_snippet(const Dialect&, Compilation& compilation, Operand call) {
  const Operand words = Compilation::child(call, call.node->children().size() - 1);
  BRIDGE_RETURN_IF_ERROR(write_headline(compilation, call, "'ShortWord=0, ' || "));
  compilation.text().words(" || ', MaxWords=' || CAST(");
  BRIDGE_RETURN_IF_ERROR(compilation.write(words));
  compilation.text().words(" AS text) || ', MinWords=' || CAST(");
  BRIDGE_RETURN_IF_ERROR(compilation.write(words, sql::Rank::kAtom));
  compilation.text().words(" - 1 AS text))");
  return {};
}

Status PostgresDialect::write_create_text_index(SqlWriter& writer,
                                                const sql::CreateTextIndex& creation) const {
  if (creation.part != sql::TextIndexPart::kWords) return write_nothing(writer);
  const sql::Table& table = *creation.table;
  const sql::TextIndex& index = table.text_indexes[creation.index];
  BRIDGE_ASSIGN_OR_RETURN(const Identifier name,
                          sql::to_text_index_name(table, creation.index, limits().max_identifier_bytes));
  writer.words("CREATE INDEX IF NOT EXISTS ")
      .identifier(name)
      .words(" ON ")
      .table(table)
      .words(" USING gin (");
  BRIDGE_RETURN_IF_ERROR(
      write_document(writer, index.language, index.columns.size(), [&](std::size_t place) -> Status {
        writer.identifier(table.columns[index.columns[place]].name);
        return {};
      }));
  writer.words(")");
  return {};
}

Status PostgresDialect::write_drop_text_index(SqlWriter& writer, const sql::DropTextIndex& removal) const {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier name, sql::to_text_index_name(*removal.table, removal.index,
                                                                         limits().max_identifier_bytes));
  writer.words("DROP INDEX IF EXISTS ").table(removal.table->schema, name);
  return {};
}

Status PostgresDialect::write_nothing(SqlWriter& writer) const {
  writer.words("SELECT WHERE FALSE");
  return {};
}

}  // namespace bridge::postgres
