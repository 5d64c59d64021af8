// What tests against a real PostgreSQL have in common.
#pragma once

#include <memory>
#include <string>

#include "engine/databases/postgres/driver.h"
#include "engine/driver/testing/session_fixture.h"

namespace bridge::postgres::testing {

using driver::testing::Answer;
using driver::testing::Pending;
using driver::testing::SpellingSink;
using driver::testing::SpellingVisitor;

/// Skips where no server runs.
class SessionFixture : public driver::testing::SessionFixture {
 protected:
  static std::string server_url() { return variable("BRIDGE_POSTGRES_URL"); }

  void SetUp() override {
    if (server_url().empty())
      GTEST_SKIP() << "BRIDGE_POSTGRES_URL is unset: run tools/servers start postgres --tls";
    LoopFixture::SetUp();
  }

  Result<std::unique_ptr<driver::Driver>> make_driver(const driver::ConnectionUrl& url) override {
    return make_postgres_driver(url, environment());
  }

  /// The server's URL for another user, host and options.
  static std::string url_for(const std::string& authority, const std::string& options = "") {
    return "postgresql://" + authority + ":" + variable("BRIDGE_POSTGRES_PORT") + "/postgres" +
           (options.empty() ? "" : "?" + options);
  }
};

}  // namespace bridge::postgres::testing
