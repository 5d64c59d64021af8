// Compares compiled text with a file kept beside the dialect, or writes that file.
#include "engine/sql/testing/golden_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/sql/compiler.h"

namespace bridge::sql::testing {
namespace {

std::string to_entry(const StatementSample& sample, const Dialect& dialect) {
  std::string entry = "-- " + sample.name + "\n";
  const auto compiled = compile(*sample.statement, dialect);
  if (!compiled)
    return entry + "-- refused, " + std::string(to_name(compiled.error().code())) + ": " +
           compiled.error().message() + "\n\n";
  if (!(*compiled)->prelude.empty()) entry += "-- before: " + (*compiled)->prelude + "\n";
  entry += *(*compiled)->text + "\n";
  if (!(*compiled)->bulk_text.empty()) entry += "-- bulk: " + (*compiled)->bulk_text + "\n";
  if ((*compiled)->rereading) entry += "-- then: " + *(*compiled)->rereading->query->text + "\n";
  return entry + "\n";
}

// What the compiler says of a source's own path depends on where and through which cache it ran.
std::filesystem::path find_in_tree(const std::string& path) {
  std::filesystem::path root = std::filesystem::current_path();
  while (!std::filesystem::exists(root / "engine/sql/testing/golden_file.h") && root.has_relative_path())
    root = root.parent_path();
  return root / path;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

std::string find_difference(const std::string& expected, const std::string& actual) {
  std::istringstream expected_lines(expected);
  std::istringstream actual_lines(actual);
  std::string wanted;
  std::string given;
  for (std::size_t line = 1;; ++line) {
    const bool has_wanted = static_cast<bool>(std::getline(expected_lines, wanted));
    const bool has_given = static_cast<bool>(std::getline(actual_lines, given));
    if (!has_wanted && !has_given) return "";
    if (has_wanted == has_given && wanted == given) continue;
    return "line " + std::to_string(line) + "\n  file:     " + (has_wanted ? wanted : "(ends)") +
           "\n  compiled: " + (has_given ? given : "(ends)") +
           "\n  If the change is meant, run this test again with BRIDGE_REWRITE_GOLDEN=1.";
  }
}

}  // namespace

std::string compare_with_golden(const std::vector<StatementSample>& samples, const Dialect& dialect,
                                const std::string& path) {
  std::string actual;
  for (const StatementSample& sample : samples) actual += to_entry(sample, dialect);
  const std::filesystem::path file = find_in_tree(path);
  if (std::getenv("BRIDGE_REWRITE_GOLDEN") != nullptr) {
    std::error_code ignored;  // a folder that cannot be made shows as a file that cannot be written
    std::filesystem::create_directory(file.parent_path(), ignored);
    return std::ofstream(file) << actual ? "" : "cannot write " + file.string();
  }
  return find_difference(read_file(file), actual);
}

}  // namespace bridge::sql::testing
