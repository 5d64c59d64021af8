// How sessions with servers of the MySQL family are looked for.
#pragma once

#include <memory>

#include "engine/databases/mysql/options.h"
#include "engine/driver/connector.h"

namespace bridge::mysql {

/// A search over all servers of the options.
driver::SessionSearch make_search(driver::DriverEnvironment environment,
                                  std::shared_ptr<const Options> options);

}  // namespace bridge::mysql
