// Fuzzes the reader of application's SQL text: newlines of the input are the gaps where values will stand.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/raw_sql.h"

namespace {

using bridge::sql::check_raw_text;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> pieces;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', start)) {
    pieces.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  pieces.emplace_back(text.substr(start));
  return pieces;
}

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // SAFETY: char may alias any object
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::vector<std::string> pieces = split(text);
  if (!check_raw_text(pieces)) return 0;
  demand(text.find('\0') == std::string_view::npos);
  // What was accepted is whole: nothing of it stays open that could swallow or complete what is added.
  std::vector<std::string> longer = pieces;
  longer.back() += "\n'";
  demand(!check_raw_text(longer).has_value());
  longer = pieces;
  longer.back() += "\n)";
  demand(!check_raw_text(longer).has_value());
  longer = pieces;
  longer.back() += "\n; select 1; select 2";
  demand(!check_raw_text(longer).has_value());
  return 0;
}
