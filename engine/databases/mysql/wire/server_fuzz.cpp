// Fuzzes everything a server can say: the first byte chooses between login and commands, the rest is the
// server's stream.
#include <cstdint>

#include "engine/databases/mysql/wire/login.h"
#include "engine/databases/mysql/wire/replies.h"

namespace {

using namespace bridge::mysql::wire;  // NOLINT(google-build-using-namespace): a program of one file
using bridge::ByteSpan;
using bridge::ByteWriter;
using bridge::Status;

/// Reads every cell it is shown, so that the sanitizers see each byte touched.
class Reader final : public ReplyObserver {
 public:
  unsigned sum = 0;
  Status on_prepared(Tag, const PreparedHeader&) override { return {}; }
  Status on_columns(Tag, std::span<const ColumnDescription> columns) override {
    for (const ColumnDescription& column : columns) {
      for (const char letter : column.name) sum += static_cast<unsigned char>(letter);
      for (const char letter : column.extended_type) sum += static_cast<unsigned char>(letter);
    }
    return {};
  }
  Status on_rows(Tag, std::span<const bridge::driver::Cell> cells) override {
    for (const auto& cell : cells) {
      if (cell.is_null()) continue;
      for (const std::byte byte : cell.span()) sum += std::to_integer<unsigned>(byte);
    }
    return {};
  }
  Status on_ended(Tag, const Ending&) override { return {}; }
  Status on_failed(Tag, bridge::driver::ServerError) override { return {}; }
};

void play_login(ByteSpan stream) {
  LoginOptions options;
  options.user = "u";
  options.password = bridge::Secret("p");
  options.database = "d";
  options.allows_server_key = true;
  Login login(std::move(options));
  ByteWriter out;
  static_cast<void>(login.on_bytes(stream, out));  // any answer is right that is no crash
}

void play_commands(ByteSpan stream, Replies::Form form) {
  Reader reader;
  Replies replies(reader, form);
  ByteWriter out;
  static_cast<void>(replies.prepare(out, 1, "SELECT 1"));  // constant texts cannot be refused
  replies.expect_execute(2, nullptr, 1);
  static_cast<void>(replies.query(out, 3, "BEGIN"));  // likewise
  static_cast<void>(replies.ping(out, 4));            // likewise
  static_cast<void>(replies.receive(stream));         // any answer is right that is no crash
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const ByteSpan stream = std::as_bytes(std::span(bytes + 1, size - 1));
  constexpr unsigned kWays = 4;
  const unsigned way = bytes[0] % kWays;
  if (way == 0) {
    play_login(stream);
  } else {
    play_commands(stream, {.has_extended_metadata = way > 1, .has_cached_metadata = way > 2});
  }
  return 0;
}
