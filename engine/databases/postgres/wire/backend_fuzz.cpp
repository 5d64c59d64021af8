// Fuzzes everything a server can say: the first byte chooses between login and pipeline, the rest is the
// server's stream.
#include <cstdint>
#include <string>

#include "engine/databases/postgres/wire/login.h"
#include "engine/databases/postgres/wire/pipeline.h"

namespace {

using namespace bridge::postgres::wire;  // NOLINT(google-build-using-namespace): a program of one file
using bridge::ByteSpan;
using bridge::ByteWriter;
using bridge::Status;

/// Reads every cell it is shown, so that the sanitizers see each byte touched.
class Reader final : public PipelineObserver {
 public:
  unsigned sum = 0;
  Status on_parameters(Tag, std::vector<std::uint32_t>) override { return {}; }
  Status on_columns(Tag, std::span<const ColumnDescription>) override { return {}; }
  Status on_rows(Tag, std::span<const bridge::driver::Cell> cells) override {
    for (const auto& cell : cells) {
      if (cell.is_null()) continue;
      for (const std::byte byte : cell.span()) sum += std::to_integer<unsigned>(byte);
    }
    return {};
  }
  Status on_complete(Tag, std::int64_t) override { return {}; }
  Status on_suspended(Tag) override { return {}; }
  Status on_copy_ready(Tag) override { return {}; }
  Status on_failed(Tag, bridge::driver::ServerError) override { return {}; }
  Status on_skipped(Tag) override { return {}; }
  Status on_commit_failed(bridge::driver::ServerError) override { return {}; }
  Status on_ready(TransactionStatus) override { return {}; }
  void on_notice(bridge::driver::ServerError) override {}
};

void play_login(ByteSpan stream) {
  LoginOptions options;
  options.parameters = {{"user", "u"}};
  options.password = bridge::Secret("p");
  options.has_password = true;
  options.allowed = {.none = true, .scram = true, .md5 = true, .cleartext = true};
  Login login(std::move(options));
  ByteWriter out;
  if (login.begin(out))
    static_cast<void>(login.on_bytes(stream, out));  // any answer is right that is no crash
}

void play_pipeline(ByteSpan stream) {
  Reader reader;
  Pipeline pipeline(reader);
  ByteWriter out;
  static_cast<void>(pipeline.parse(out, 1, "s", "select", {}));  // constant texts cannot be refused
  static_cast<void>(pipeline.describe(out, 1, "s"));
  pipeline.expect_bind(1);
  pipeline.execute(out, 1, 0);
  pipeline.sync(out);
  pipeline.expect_bind(2);
  static_cast<void>(pipeline.execute_part(out, 2, 1, {"p", 1}));  // constants cannot be refused
  static_cast<void>(pipeline.close_portal(out, 2, "p"));          // likewise
  pipeline.sync(out);
  pipeline.expect_bind(3);
  pipeline.execute_copy(out, 3);
  pipeline.sync(out);
  static_cast<void>(pipeline.receive(stream));  // any answer is right that is no crash
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const ByteSpan stream = std::as_bytes(std::span(bytes + 1, size - 1));
  bytes[0] % 2 == 0 ? play_login(stream) : play_pipeline(stream);
  return 0;
}
