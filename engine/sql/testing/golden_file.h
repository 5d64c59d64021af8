// Compares compiled text with a file kept beside the dialect, or writes that file.
#pragma once

#include <string>
#include <vector>

#include "engine/sql/dialect.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql::testing {

/// Compiles every sample and compares the whole with the file at `path`, which counts from the root of the
/// source tree; the test runs in the tree or below it. Empty when they agree, else the first lines that
/// differ. With the environment variable BRIDGE_REWRITE_GOLDEN set the file is written instead, which counts
/// as agreement.
std::string compare_with_golden(const std::vector<StatementSample>& samples, const Dialect& dialect,
                                const std::string& path);

}  // namespace bridge::sql::testing
