// Logins and connections of this family, for the search that all databases share.
#include "engine/databases/mysql/session_search.h"

#include <utility>

#include "engine/databases/mysql/connection.h"
#include "engine/databases/mysql/session_login.h"

namespace bridge::mysql {

driver::SessionSearch make_search(driver::DriverEnvironment environment,
                                  std::shared_ptr<const Options> options) {
  driver::SessionSearch search;
  search.servers = options->servers;
  search.server_timeout = options->server_timeout;
  search.begin_login = [options](const driver::ServerAddress& server, bool) {
    return std::make_shared<SessionLogin>(*options, server);
  };
  search.make_connection = [environment, options](driver::LoggedIn session) {
    // SAFETY: made by `begin_login` above, which makes nothing else
    const auto& login = static_cast<const SessionLogin&>(*session.conversation);
    return std::make_unique<Connection>(
        environment, Session{std::move(session.runner), options, std::move(session.server), login.traits()});
  };
  return search;
}

}  // namespace bridge::mysql
