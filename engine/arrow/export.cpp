// Every struct handed out owns what it points to: consumers may move children out and release parents first.
#include "engine/arrow/export.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace bridge::arrow {
namespace {

// protocol: Arrow columnar format, canonical extension types
constexpr std::string_view kExtensionKey = "ARROW:extension:name";
constexpr std::string_view kExtensionDetailsKey = "ARROW:extension:metadata";
constexpr const char* kStructFormat = "+s";
constexpr const char* kItemName = "item";

std::string_view extension_of(types::StorageType storage) {
  if (storage == types::StorageType::kUuid) return "arrow.uuid";
  if (storage == types::StorageType::kJson) return "arrow.json";
  return {};
}

void append_counted(std::string& text, std::string_view part) {
  const auto size = static_cast<std::int32_t>(part.size());
  char raw[sizeof(size)];
  std::memcpy(raw, &size, sizeof(size));
  text.append(raw, sizeof(raw));
  text.append(part);
}

// protocol: Arrow C data interface, ArrowSchema.metadata
std::string make_metadata(types::StorageType storage) {
  const std::string_view extension = extension_of(storage);
  std::string metadata;
  if (extension.empty()) return metadata;
  constexpr std::int32_t kPairs = 2;
  char raw[sizeof(kPairs)];
  std::memcpy(raw, &kPairs, sizeof(kPairs));
  metadata.append(raw, sizeof(raw));
  append_counted(metadata, kExtensionKey);
  append_counted(metadata, extension);
  append_counted(metadata, kExtensionDetailsKey);
  append_counted(metadata, "");
  return metadata;
}

/// Children of a struct handed out, which releases those that nobody has moved out.
template <typename Struct>
class Children {
 public:
  explicit Children(std::size_t count) : structs_(count), pointers_(count) {
    for (std::size_t index = 0; index < count; ++index) {
      structs_[index] = {};
      pointers_[index] = &structs_[index];
    }
  }
  ~Children() {
    for (Struct& child : structs_) {
      if (child.release != nullptr) child.release(&child);
    }
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  Struct& at(std::size_t index) { return structs_[index]; }
  Struct** pointers() { return pointers_.data(); }
  std::int64_t count() const { return static_cast<std::int64_t>(structs_.size()); }

 private:
  std::vector<Struct> structs_;
  std::vector<Struct*> pointers_;
};

template <typename Owner, typename Struct>
void release_owned(Struct* released) {
  delete static_cast<Owner*>(released->owner);
  released->owner = nullptr;
  released->release = nullptr;
}

struct SchemaOwner {
  explicit SchemaOwner(std::size_t count) : children(count) {}
  std::string format;
  std::string name;
  std::string metadata;
  Children<ArrowSchema> children;
};

struct SchemaText {
  std::string format;
  std::string name;
  std::string metadata;
  bool is_nullable;
};

// Where the children of what was filled lie.
Children<ArrowSchema>& fill_schema(SchemaText text, std::size_t children, ArrowSchema& out) {
  auto owner = std::make_unique<SchemaOwner>(children);
  owner->format = std::move(text.format);
  owner->name = std::move(text.name);
  owner->metadata = std::move(text.metadata);
  SchemaOwner* const kept = owner.release();
  out = {.format = kept->format.c_str(),
         .name = kept->name.c_str(),
         .metadata = kept->metadata.empty() ? nullptr : kept->metadata.c_str(),
         .flags = text.is_nullable ? kNullableFlag : 0,
         .n_children = kept->children.count(),
         .children = kept->children.pointers(),
         .dictionary = nullptr,
         .release = &release_owned<SchemaOwner, ArrowSchema>,
         .owner = kept};
  return kept->children;
}

Status export_field(const Field& field, ArrowSchema& out) {
  BRIDGE_ASSIGN_OR_RETURN(std::string format, to_format(field));
  const bool is_list = field.type.storage == types::StorageType::kArray;
  Children<ArrowSchema>& children =
      fill_schema({std::move(format), field.name, make_metadata(field.type.storage), field.type.is_nullable},
                  is_list ? 1 : 0, out);
  if (!is_list) return {};
  types::ColumnType element = field.type;
  element.storage = field.type.element;
  element.is_nullable = true;
  return export_field({kItemName, element}, children.at(0));
}

struct ArrayOwner {
  ArrayOwner(std::shared_ptr<const Table> source, std::size_t count)
      : table(std::move(source)), children(count) {}
  std::shared_ptr<const Table> table;
  std::vector<const void*> buffers;
  Children<ArrowArray> children;
};

ArrayOwner& fill_array(std::unique_ptr<ArrayOwner> owner, std::int64_t length, std::int64_t null_count,
                       ArrowArray& out) {
  ArrayOwner* const kept = owner.release();
  out = {.length = length,
         .null_count = null_count,
         .offset = 0,
         .n_buffers = static_cast<std::int64_t>(kept->buffers.size()),
         .n_children = kept->children.count(),
         .buffers = kept->buffers.data(),
         .children = kept->children.pointers(),
         .dictionary = nullptr,
         .release = &release_owned<ArrayOwner, ArrowArray>,
         .owner = kept};
  return *kept;
}

void export_column(const std::shared_ptr<const Table>& table, const ColumnBuffers& column, ArrowArray& out) {
  /// What stands in for a buffer without a byte: consumers may look at its address.
  static constexpr std::uint64_t kNothing = 0;
  auto owner = std::make_unique<ArrayOwner>(table, column.children.size());
  for (std::size_t index = 0; index < column.buffers.size(); ++index) {
    const Buffer& buffer = column.buffers[index];
    const bool is_validity = index == 0;
    if (!buffer.empty()) {
      owner->buffers.push_back(buffer.data());
    } else {
      owner->buffers.push_back(is_validity ? nullptr : static_cast<const void*>(&kNothing));
    }
  }
  ArrayOwner& kept = fill_array(std::move(owner), column.length, column.null_count, out);
  for (std::size_t index = 0; index < column.children.size(); ++index)
    export_column(table, column.children[index], kept.children.at(index));
}

void export_batch(const std::shared_ptr<const Table>& table, const RecordBatch& batch, ArrowArray& out) {
  auto owner = std::make_unique<ArrayOwner>(table, batch.columns.size());
  owner->buffers.push_back(nullptr);  // rows are never null, only their columns are
  ArrayOwner& kept = fill_array(std::move(owner), batch.row_count, 0, out);
  for (std::size_t index = 0; index < batch.columns.size(); ++index)
    export_column(table, batch.columns[index], kept.children.at(index));
}

struct StreamOwner {
  std::shared_ptr<const Table> table;
  std::size_t next = 0;
  std::string last_error;
};

StreamOwner& owner_of(ArrowArrayStream* stream) { return *static_cast<StreamOwner*>(stream->owner); }

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  StreamOwner& owner = owner_of(stream);
  const Status exported = export_schema(*owner.table, *out);
  if (exported) return 0;
  owner.last_error = exported.error().message();
  return EINVAL;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  StreamOwner& owner = owner_of(stream);
  *out = {};
  if (owner.next < owner.table->batches.size())
    export_batch(owner.table, owner.table->batches[owner.next++], *out);
  return 0;
}

const char* get_last_error(ArrowArrayStream* stream) {
  const StreamOwner& owner = owner_of(stream);
  return owner.last_error.empty() ? nullptr : owner.last_error.c_str();
}

}  // namespace

Status export_schema(const Table& table, ArrowSchema& out) {
  out = {};
  Children<ArrowSchema>& children = fill_schema({kStructFormat, "", "", false}, table.fields.size(), out);
  for (std::size_t index = 0; index < table.fields.size(); ++index) {
    Status exported = export_field(table.fields[index], children.at(index));
    if (exported) continue;
    out.release(&out);
    return exported;
  }
  return {};
}

void export_stream(std::shared_ptr<const Table> table, ArrowArrayStream& out) {
  auto owner = std::make_unique<StreamOwner>();
  owner->table = std::move(table);
  out = {.get_schema = &get_schema,
         .get_next = &get_next,
         .get_last_error = &get_last_error,
         .release = &release_owned<StreamOwner, ArrowArrayStream>,
         .owner = owner.release()};
}

}  // namespace bridge::arrow
