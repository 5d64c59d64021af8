// Compares compiled text with a file kept beside the dialect, or writes that file.
#include "engine/sql/testing/golden_file.h"

#include <cstdlib>
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
  entry += *(*compiled)->text + "\n";
  if (!(*compiled)->bulk_text.empty()) entry += "-- bulk: " + (*compiled)->bulk_text + "\n";
  return entry + "\n";
}

std::string read_file(const std::string& path) {
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
           "\n  compiled: " + (has_given ? given : "(ends)");
  }
}

}  // namespace

std::string compare_with_golden(const std::vector<StatementSample>& samples, const Dialect& dialect,
                                const std::string& path) {
  std::string actual;
  for (const StatementSample& sample : samples) actual += to_entry(sample, dialect);
  if (std::getenv("BRIDGE_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << actual;
    return "";
  }
  return find_difference(read_file(path), actual);
}

}  // namespace bridge::sql::testing
