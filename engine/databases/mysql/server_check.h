// Whether the server that answered is one the dialect can speak to.
#pragma once

#include "engine/base/result.h"
#include "engine/databases/mysql/flavour.h"
#include "engine/databases/mysql/wire/login.h"

namespace bridge::mysql {

/// kConfiguration, naming the server and its version and what to do, for a server of the other family and for
/// a MariaDB older than 10.6.
Status check_server(const wire::SessionTraits& traits, ServerFamily wanted);

}  // namespace bridge::mysql
