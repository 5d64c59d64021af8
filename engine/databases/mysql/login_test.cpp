// Every way into the real servers: sockets, TLS and passwords.
#include "engine/databases/mysql/testing/session_fixture.h"

namespace bridge::mysql::testing {
namespace {

class Login : public SessionFixture {
 protected:
  static std::string with_password(const std::string& user) { return user + ":" + of_server("PASSWORD"); }
  static std::string root() { return "sslrootcert=" + of_server("ROOT_CERTIFICATE"); }

  /// The answer to a question, or the error's name.
  std::string answer_of(const std::string& url, const std::string& question) {
    auto connection = open(url);
    if (!connection)
      return std::string(to_name(connection.error().code())) + ": " + connection.error().message();
    return rows_of(**connection, statement(question));
  }
  std::string user_of(const std::string& url) {
    return answer_of(url, "SELECT SUBSTRING_INDEX(USER(), '@', 1)");
  }
};

TEST_P(Login, OverTcpAndUnixSocket) {
  EXPECT_EQ(user_of(server_url()), "'bridge';");
  EXPECT_EQ(user_of(as_mysql(of_server("UNIX_URL"))), "'bridge';");
}

TEST_P(Login, ByEveryMethod) {
  const bool is_mysql = GetParam() == "BRIDGE_MYSQL";
  const std::vector<std::string> users = is_mysql
                                             ? std::vector<std::string>{"bridge_caching", "bridge_sha256"}
                                             : std::vector<std::string>{"bridge_native"};
  for (const std::string& user : users) {
    const std::string host = with_password(user) + "@127.0.0.1";
    EXPECT_EQ(user_of(url_for(host, is_mysql ? "allow_server_key=on" : "")), "'" + user + "';");
    EXPECT_TRUE(user_of(url_for(user + ":wrong@127.0.0.1", is_mysql ? "allow_server_key=on" : ""))
                    .starts_with("authentication"));
  }
  if (!is_mysql) {
    EXPECT_EQ(user_of(url_for(with_password("bridge_ed25519") + "@127.0.0.1")), "'bridge_ed25519';");
    EXPECT_TRUE(user_of(url_for("bridge_ed25519:wrong@127.0.0.1")).starts_with("authentication"));
  }
  if (GetParam() == "BRIDGE_MARIADB") {
    EXPECT_EQ(user_of(url_for(with_password("bridge_parsec") + "@127.0.0.1")), "'bridge_parsec';");
  }
}

TEST_P(Login, OverTls) {
  const std::string verified = url_for("bridge@localhost", "sslmode=verify-full&" + root());
  EXPECT_TRUE(answer_of(verified, "SHOW STATUS LIKE 'Ssl_version'").starts_with("'Ssl_version' 'TLSv1"));
  EXPECT_TRUE(user_of(url_for("bridge@127.0.0.1", "sslmode=verify-full&" + root())).starts_with("tls"))
      << "a certificate for another name";
  EXPECT_TRUE(user_of(url_for("bridge@localhost", "sslmode=verify-ca")).starts_with("tls"))
      << "an unknown authority";
}

TEST_P(Login, NamesAnUnknownDatabase) {
  EXPECT_TRUE(
      user_of("mysql://bridge@127.0.0.1:" + of_server("PORT") + "/nowhere").starts_with("configuration"));
}

INSTANTIATE_TEST_SUITE_P(OfEachServer, Login,
                         ::testing::Values("BRIDGE_MARIADB", "BRIDGE_MARIADB1011", "BRIDGE_MYSQL"),
                         [](const auto& server) { return server.param; });

}  // namespace
}  // namespace bridge::mysql::testing
