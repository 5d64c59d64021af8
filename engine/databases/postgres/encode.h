// Values on their way to the server, in the binary form of the type the server expects.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::postgres {

/// Appends length and bytes of a value as wire type `oid`. kDataRejected where that could lose something or
/// the types do not go together; the writer may hold part of the value then. Messages never quote it.
Status encode_value(const types::Value& value, std::uint32_t oid, ByteWriter& out);

/// A statement run under a name of its own; the empty portal is taken over by the next statement.
struct Binding {
  std::string_view statement;
  std::string_view portal;
};

/// Appends a Bind, everything in binary form. `oids` as described by the server; kQuery when their number
/// differs. On error the writer may hold part of the message: the caller truncates it.
Status write_bind(ByteWriter& out, const Binding& binding, std::span<const types::Value> values,
                  std::span<const std::uint32_t> oids);

}  // namespace bridge::postgres
