// The structs of the Arrow C data and C stream interfaces: a published ABI, the same in every library.
#pragma once

#include <cstdint>

/// Set in `ArrowSchema::flags` of a field that may hold nulls.
inline constexpr std::int64_t kNullableFlag = 2;

// Members stand in the order of the specification; it calls `owner` private_data.
extern "C" {

/// The type of a field. Owned by whoever holds it with `release` set; releasing sets that to null.
struct ArrowSchema {
  const char* format;    ///< the type as a short text
  const char* name;      ///< may be null
  const char* metadata;  ///< counted keys and values in native order; may be null
  std::int64_t flags;
  std::int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;  ///< the values' type of a dictionary, whose own format is its index
  void (*release)(struct ArrowSchema*);
  void* owner;
};

/// The values of a field; what its buffers mean follows from the schema. Owned as a schema is; children may
/// be moved out by taking a copy and setting their `release` to null.
struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;  ///< -1 where nobody has counted
  std::int64_t offset;      ///< elements before the first one, in every buffer
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* owner;
};

/// Record batches one after the other: struct arrays of one schema. Callbacks answer 0 or an errno; the end
/// is an array whose `release` is null.
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* owner;
};
}
