// Streams become rows, and structs that lie are refused before anything they point to is read.
#include "engine/arrow/stream_rows.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <limits>

namespace bridge::arrow {
namespace {

using types::StorageType;
using types::Value;

/// Where a struct came from; counts how often it is released.
template <typename Struct>
void count_release(Struct* released) {
  ++*static_cast<int*>(released->owner);
  released->release = nullptr;
}

/// One batch of one column "name" of text, whose parts a test may spoil.
struct Scripted {
  int released = 0;
  std::int32_t offsets[3] = {0, 1, 3};
  const char* bytes = "abb";
  const void* text_buffers[3] = {nullptr, offsets, bytes};
  const void* row_buffers[1] = {nullptr};
  ArrowSchema text_schema{};
  ArrowSchema* schema_children[1] = {&text_schema};
  ArrowSchema schema{};
  ArrowArray text{};
  ArrowArray* children[1] = {&text};
  ArrowArray batch{};

  Scripted() {
    text_schema = {.format = "u",
                   .name = "name",
                   .metadata = nullptr,
                   .flags = 0,
                   .n_children = 0,
                   .children = nullptr,
                   .dictionary = nullptr,
                   .release = &count_release<ArrowSchema>,
                   .owner = &released};
    schema = text_schema;
    schema.format = "+s";
    schema.n_children = 1;
    schema.children = schema_children;
    text = {.length = 2,
            .null_count = 0,
            .offset = 0,
            .n_buffers = 3,
            .n_children = 0,
            .buffers = text_buffers,
            .children = nullptr,
            .dictionary = nullptr,
            .release = &count_release<ArrowArray>,
            .owner = &released};
    batch = text;
    batch.n_buffers = 1;
    batch.buffers = row_buffers;
    batch.n_children = 1;
    batch.children = children;
  }
};

ImportColumn text_column() {
  return {.name = "name", .context = "Tag.name", .type = {.storage = StorageType::kText}};
}

/// The texts of all rows, or the message of what refused them.
std::string read_all(Scripted& script, ImportColumn column = text_column()) {
  auto rows = StreamRows::open(script.schema, script.batch);
  if (!rows) return rows.error().message();
  if (const Status chosen = (*rows)->choose({std::move(column)}); !chosen) return chosen.error().message();
  std::string texts;
  std::vector<Value> row;
  while (true) {
    const Result<bool> is_row = (*rows)->next(row);
    if (!is_row) return is_row.error().message();
    if (!*is_row) return texts;
    texts += row.front().is_null ? "NULL;" : row.front().text + ";";
  }
}

TEST(StreamRows, ReadsABatchAndReleasesBothStructs) {
  Scripted script;
  EXPECT_EQ(read_all(script), "a;bb;");
  EXPECT_EQ(script.released, 2);
  EXPECT_EQ(script.batch.release, nullptr) << "moved out of, as the interface demands";
  EXPECT_EQ(read_all(script), "the Arrow array was read already");
}

TEST(StreamRows, HonoursOffsetsOfBatchAndColumn) {
  Scripted script;
  script.batch.length = 1;
  script.batch.offset = 1;
  EXPECT_EQ(read_all(script), "bb;");
  Scripted sliced;
  sliced.text.offset = 1;
  sliced.text.length = 1;
  sliced.batch.length = 1;
  EXPECT_EQ(read_all(sliced), "bb;");
}

TEST(StreamRows, HonoursValidity) {
  Scripted script;
  const std::uint8_t validity = 0b10;
  script.text_buffers[0] = &validity;
  EXPECT_NE(read_all(script).find("Tag.name: NULL"), std::string::npos);
  Scripted nullable;
  nullable.text_buffers[0] = &validity;
  ImportColumn column = text_column();
  column.type.is_nullable = true;
  EXPECT_EQ(read_all(nullable, column), "NULL;bb;");
}

TEST(StreamRows, RefusesStructsThatLie) {
  const auto refuse = [](auto spoil) {
    Scripted script;
    spoil(script);
    return read_all(script).find("broken") != std::string::npos;
  };
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.length = -1; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.length = 3; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.offset = -1; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.offset = kHuge; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.n_children = 7; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.n_buffers = kHuge; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.children[0] = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.batch.children = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.length = -2; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.offset = kHuge; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.n_buffers = 2; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.buffers = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.release = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text.n_children = 1; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text_buffers[1] = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text_buffers[2] = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.offsets[1] = 9; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.offsets[0] = -1; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.schema.n_children = kHuge; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.schema.children = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.schema.format = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text_schema.format = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text_schema.name = nullptr; }));
  EXPECT_TRUE(refuse([](Scripted& script) { script.text_schema.n_children = 1; }));
}

TEST(StreamRows, RefusesFormatsNobodyKnows) {
  for (const char* format :
       {"", "x", "d:", "d:99,1", "d:5,2,64x", "w:", "w:-1", "t", "ts", "tsq:", "tdD ", "+w:2", "+us:0"}) {
    Scripted script;
    script.text_schema.format = format;
    EXPECT_NE(read_all(script).find("Tag.name: expected text"), std::string::npos) << format;
  }
}

TEST(StreamRows, RefusesAnIndexOutsideItsDictionary) {
  const std::int8_t indexes[2] = {0, 2};
  Scripted script;
  ArrowSchema values_schema = script.text_schema;
  ArrowArray values = script.text;
  script.text_schema.format = "c";
  script.text_schema.dictionary = &values_schema;
  const void* index_buffers[2] = {nullptr, indexes};
  script.text.n_buffers = 2;
  script.text.buffers = index_buffers;
  script.text.dictionary = &values;
  EXPECT_NE(read_all(script).find("broken"), std::string::npos);
}

/// A stream that fails, or ends, as its private data says.
struct Failing {
  int schema_failure = 0;
  int batch_failure = 0;
  int released = 0;
  Scripted script;
};

Failing& failing_of(ArrowArrayStream* stream) { return *static_cast<Failing*>(stream->owner); }

ArrowArrayStream make_stream(Failing& failing) {
  return {.get_schema =
              [](ArrowArrayStream* stream, ArrowSchema* out) {
                *out = failing_of(stream).script.schema;
                if (failing_of(stream).schema_failure != 0) *out = {};
                return failing_of(stream).schema_failure;
              },
          .get_next =
              [](ArrowArrayStream* stream, ArrowArray* out) {
                *out = {};
                return failing_of(stream).batch_failure;
              },
          .get_last_error = [](ArrowArrayStream*) -> const char* { return "the cable is cut"; },
          .release =
              [](ArrowArrayStream* stream) {
                ++failing_of(stream).released;
                stream->release = nullptr;
              },
          .owner = &failing};
}

int call_plainly(const std::function<int()>& call) { return call(); }

TEST(StreamRows, TellsWhatTheProducerSays) {
  Failing failing;
  failing.schema_failure = EIO;
  ArrowArrayStream stream = make_stream(failing);
  const auto refused = StreamRows::open(stream, &call_plainly);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("the cable is cut"), std::string::npos);
  EXPECT_EQ(failing.released, 1);

  Failing later;
  later.batch_failure = EIO;
  ArrowArrayStream other = make_stream(later);
  auto rows = StreamRows::open(other, &call_plainly);
  ASSERT_TRUE(rows);
  ASSERT_TRUE((*rows)->choose({text_column()}));
  std::vector<Value> row;
  EXPECT_FALSE((*rows)->next(row));
  rows->reset();
  EXPECT_EQ(later.released, 1);
}

TEST(StreamRows, EndsWithTheStreamAndLetsGoOfIt) {
  Failing empty;
  ArrowArrayStream stream = make_stream(empty);
  auto rows = StreamRows::open(stream, &call_plainly);
  ASSERT_TRUE(rows);
  ASSERT_TRUE((*rows)->choose({text_column()}));
  std::vector<Value> row;
  const Result<bool> is_row = (*rows)->next(row);
  ASSERT_TRUE(is_row);
  EXPECT_FALSE(*is_row);
  EXPECT_EQ(empty.released, 1);
  ArrowArrayStream gone = {};
  EXPECT_FALSE(StreamRows::open(gone, &call_plainly));
}

}  // namespace
}  // namespace bridge::arrow
