// What tests against real servers of the MySQL family have in common.
#pragma once

#include <memory>
#include <string>

#include "engine/databases/mysql/dialect.h"
#include "engine/databases/mysql/driver.h"
#include "engine/driver/testing/session_fixture.h"

namespace bridge::mysql::testing {

using driver::testing::Answer;
using driver::testing::Pending;

/// Once for each server that runs; skips the others. The parameter is the prefix of a server's variables.
class SessionFixture : public driver::testing::SessionFixture,
                       public ::testing::WithParamInterface<std::string> {
 protected:
  static std::string of_server(const std::string& name) {
    return variable((GetParam() + "_" + name).c_str());
  }
  static std::string server_url() { return as_mysql(of_server("URL")); }

  void SetUp() override {
    if (server_url().empty()) GTEST_SKIP() << GetParam() << "_URL is unset: start it with tools/servers";
    LoopFixture::SetUp();
  }

  Result<std::unique_ptr<driver::Driver>> make_driver(const driver::ConnectionUrl& url) override {
    return make_flavour_driver(url, environment(), mysql_dialect());
  }

  /// The server's URL for another user and with options.
  static std::string url_for(const std::string& authority, const std::string& options = "") {
    return "mysql://" + authority + ":" + of_server("PORT") + "/bridge" +
           (options.empty() ? "" : "?" + options);
  }
  static std::string as_mysql(std::string url) {
    constexpr std::string_view kScheme = "mariadb:";
    return url.starts_with(kScheme) ? "mysql:" + url.substr(kScheme.size()) : url;
  }
};

}  // namespace bridge::mysql::testing
