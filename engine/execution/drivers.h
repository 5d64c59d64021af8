// Which databases this build knows, and how a URL's scheme chooses one.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/driver/driver.h"

namespace bridge::execution {

/// One database: the scheme of its URLs, how to make its driver, and its dialect.
struct DriverEntry {
  std::string_view scheme;
  Result<std::unique_ptr<driver::Driver>> (*make_driver)(driver::ConnectionUrl url,
                                                         const driver::DriverEnvironment& environment);
  const sql::Dialect& (*dialect)();
};

/// Every database of this build.
std::span<const DriverEntry> built_drivers();

/// The entry of a scheme; kConfiguration names the schemes there are.
Result<const DriverEntry*> find_driver(std::string_view scheme);

}  // namespace bridge::execution
