// Cells become batches of bounded size, whose exports outlive the table and are released exactly once.
#include "engine/arrow/table_sink.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/arrow/export.h"

namespace bridge::arrow {
namespace {

using driver::Cell;
using driver::CellVisitor;
using driver::ResultColumn;
using types::StorageType;

Status decode_text(Cell cell, const ResultColumn&, CellVisitor& visitor) {
  return visitor.on_text(to_text(cell.span()));
}
Status decode_length(Cell cell, const ResultColumn&, CellVisitor& visitor) {
  return visitor.on_integer(cell.length);
}
Status decode_list(Cell cell, const ResultColumn&, CellVisitor& visitor) {
  BRIDGE_RETURN_IF_ERROR(visitor.on_array_begin(2));
  BRIDGE_RETURN_IF_ERROR(visitor.on_integer(cell.length));
  BRIDGE_RETURN_IF_ERROR(visitor.on_null());
  return visitor.on_array_end();
}

ResultColumn make_column(std::string name, types::ColumnType type, driver::DecodeCell decode) {
  ResultColumn column;
  column.name = std::move(name);
  column.type = type;
  column.decode = decode;
  return column;
}

Cell make_cell(std::string_view text) {
  return {to_bytes(text).data(), static_cast<std::int32_t>(text.size())};
}

/// Two rows of an integer, text, and a list; nulls in the last two.
std::shared_ptr<const Table> fill() {
  const std::vector<ResultColumn> columns{
      make_column("length", {.storage = StorageType::kInt32}, &decode_length),
      make_column("text", {.storage = StorageType::kText, .is_nullable = true}, &decode_text),
      make_column("list",
                  {.storage = StorageType::kArray, .element = StorageType::kInt64, .is_nullable = true},
                  &decode_list)};
  const std::vector<Cell> cells{make_cell("abc"), make_cell("abc"), Cell{},  //
                                make_cell("ef"),  Cell{},           make_cell("ef")};
  TableSink sink({});
  EXPECT_TRUE(sink.on_columns(columns));
  EXPECT_TRUE(sink.on_batch({columns, cells}));
  return sink.take_table();
}

template <typename Native>
Native read(const ArrowArray& array, std::size_t buffer, std::size_t place) {
  Native native;
  std::memcpy(&native, static_cast<const std::byte*>(array.buffers[buffer]) + place * sizeof(Native),
              sizeof(Native));
  return native;
}

TEST(TableSink, LaysOutValuesAsTheFormatSays) {
  ArrowArrayStream stream;
  export_stream(fill(), stream);
  ArrowSchema schema;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(schema.n_children, 3);
  EXPECT_STREQ(schema.children[0]->format, "i");
  EXPECT_EQ(schema.children[0]->flags, 0);
  EXPECT_STREQ(schema.children[2]->format, "+l");
  EXPECT_STREQ(schema.children[2]->children[0]->format, "l");
  ArrowArray batch;
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
  ASSERT_EQ(batch.length, 2);
  EXPECT_EQ(read<std::int32_t>(*batch.children[0], 1, 0), 3);
  EXPECT_EQ(read<std::int32_t>(*batch.children[0], 1, 1), 2);
  EXPECT_EQ(batch.children[0]->buffers[0], nullptr);
  const ArrowArray& text = *batch.children[1];
  EXPECT_EQ(text.null_count, 1);
  EXPECT_EQ(read<std::uint8_t>(text, 0, 0), 0b01);
  EXPECT_EQ(read<std::int32_t>(text, 1, 2), 3);
  const ArrowArray& list = *batch.children[2];
  EXPECT_EQ(read<std::uint8_t>(list, 0, 0), 0b10);
  EXPECT_EQ(read<std::int32_t>(list, 1, 2), 2);
  EXPECT_EQ(read<std::int64_t>(*list.children[0], 1, 0), 2);
  EXPECT_EQ(read<std::uint8_t>(*list.children[0], 0, 0), 0b01);
  batch.release(&batch);
  schema.release(&schema);
}

TEST(TableSink, LetsChildrenOutliveTheirParent) {
  ArrowArrayStream stream;
  export_stream(fill(), stream);
  ArrowArray batch;
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  ArrowArray moved = *batch.children[1];
  batch.children[1]->release = nullptr;
  batch.release(&batch);
  stream.release(&stream);
  EXPECT_EQ(read<char>(moved, 2, 0), 'a');
  moved.release(&moved);
  EXPECT_EQ(moved.release, nullptr);
}

TEST(TableSink, EndsEveryStreamWithAReleasedArray) {
  const auto table = fill();
  for (int round = 0; round < 2; ++round) {
    ArrowArrayStream stream;
    export_stream(table, stream);
    ArrowArray batch;
    ASSERT_EQ(stream.get_next(&stream, &batch), 0);
    batch.release(&batch);
    ASSERT_EQ(stream.get_next(&stream, &batch), 0);
    EXPECT_EQ(batch.release, nullptr);
    stream.release(&stream);
  }
}

TEST(TableSink, CutsBatchesAndStartsOver) {
  const std::vector<ResultColumn> columns{
      make_column("length", {.storage = StorageType::kInt64}, &decode_length)};
  const std::vector<Cell> cells(static_cast<std::size_t>(kBatchRows) / 2, make_cell("x"));
  TableSink sink({"renamed"});
  ASSERT_TRUE(sink.on_columns(columns));
  ASSERT_TRUE(sink.on_batch({columns, cells}));
  sink.on_restart();
  ASSERT_TRUE(sink.on_columns(columns));
  for (int round = 0; round < 3; ++round) ASSERT_TRUE(sink.on_batch({columns, cells}));
  const auto table = sink.take_table();
  ASSERT_EQ(table->batches.size(), 2U);
  EXPECT_EQ(table->batches[0].row_count, kBatchRows);
  EXPECT_EQ(table->row_count(), kBatchRows / 2 * 3);
  EXPECT_EQ(table->fields[0].name, "renamed");
}

TEST(TableSink, RefusesWhatArrowCannotHold) {
  const auto refuse = [](types::ColumnType type) {
    const std::vector<ResultColumn> columns{make_column("odd", type, &decode_text)};
    TableSink sink({});
    const Status status = sink.on_columns(columns);
    return status ? std::string() : status.error().message();
  };
  EXPECT_NE(refuse({.storage = StorageType::kDecimal}).find("column odd"), std::string::npos);
  EXPECT_NE(refuse({.storage = StorageType::kDecimal, .precision = 77}).find("column odd"),
            std::string::npos);
  EXPECT_EQ(refuse({.storage = StorageType::kDecimal, .precision = 76, .scale = 2}), "");
}

TEST(TableSink, RefusesNullWhereThereIsNone) {
  const std::vector<ResultColumn> columns{
      make_column("length", {.storage = StorageType::kInt64}, &decode_length)};
  const std::vector<Cell> cells{Cell{}};
  TableSink sink({});
  ASSERT_TRUE(sink.on_columns(columns));
  const Status status = sink.on_batch({columns, cells});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::kDecode);
}

}  // namespace
}  // namespace bridge::arrow
