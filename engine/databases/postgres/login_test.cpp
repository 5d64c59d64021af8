// Every way into the real server: sockets, TLS and passwords.
#include "engine/databases/postgres/testing/session_fixture.h"

namespace bridge::postgres::testing {
namespace {

using types::Value;

class Login : public SessionFixture {
 protected:
  static std::string with_password(const std::string& user) {
    return user + ":" + variable("BRIDGE_POSTGRES_PASSWORD");
  }
  static std::string root() { return "sslrootcert=" + variable("BRIDGE_POSTGRES_ROOT_CERTIFICATE"); }
  static bool has_tls() { return !variable("BRIDGE_POSTGRES_ROOT_CERTIFICATE").empty(); }

  std::string user_of(const std::string& url) {
    auto connection = open(url);
    if (!connection) return std::string(to_name(connection.error().code()));
    return rows_of(**connection, statement("select current_user"));
  }
};

TEST_F(Login, OverTcpAndUnixSocket) {
  EXPECT_EQ(user_of(server_url()), "'bridge';");
  EXPECT_EQ(user_of(variable("BRIDGE_POSTGRES_UNIX_URL")), "'bridge';");
}

TEST_F(Login, ProvesPasswords) {
  EXPECT_EQ(user_of(url_for(with_password("bridge_scram") + "@127.0.0.1")), "'bridge_scram';");
  EXPECT_EQ(user_of(url_for("bridge_scram:wrong@127.0.0.1")), "authentication");
  EXPECT_EQ(user_of(url_for("bridge_scram@127.0.0.1")), "authentication");
  EXPECT_EQ(user_of(url_for(with_password("bridge_md5") + "@127.0.0.1")), "authentication");
  EXPECT_EQ(user_of(url_for(with_password("bridge_md5") + "@127.0.0.1", "require_auth=md5")),
            "'bridge_md5';");
  EXPECT_EQ(user_of(url_for(with_password("bridge_cleartext") + "@127.0.0.1")), "authentication");
  EXPECT_EQ(user_of(url_for(with_password("bridge_cleartext") + "@127.0.0.1", "require_auth=password")),
            "'bridge_cleartext';");
  EXPECT_EQ(user_of(url_for("bridge@127.0.0.1", "require_auth=scram-sha-256")), "authentication");
}

TEST_F(Login, EncryptsAsAskedOrNotAtAll) {
  if (!has_tls()) GTEST_SKIP() << "the server runs without TLS";
  EXPECT_EQ(user_of(url_for("bridge@localhost", "sslmode=require")), "'bridge';");
  EXPECT_EQ(user_of(url_for("bridge@localhost", "sslmode=verify-full&" + root())), "'bridge';");
  EXPECT_EQ(user_of(url_for("bridge@127.0.0.1", "sslmode=verify-ca&" + root())), "'bridge';");
  EXPECT_EQ(user_of(url_for("bridge@127.0.0.1", "sslmode=verify-full&" + root())), "tls");
  EXPECT_EQ(user_of(url_for("bridge@localhost", "sslmode=verify-full")), "tls");
  EXPECT_EQ(user_of(url_for(with_password("bridge_scram") + "@localhost",
                            "channel_binding=require&sslmode=verify-full&" + root())),
            "'bridge_scram';");
  EXPECT_EQ(user_of(url_for("bridge@localhost", "channel_binding=require&sslmode=require")),
            "authentication");
}

TEST_F(Login, NamesWhatWentWrong) {
  EXPECT_EQ(user_of("postgresql://bridge@127.0.0.1:1/postgres"), "connect_failed");
  EXPECT_EQ(user_of(server_url() + "_not_there"), "configuration");
  EXPECT_EQ(user_of(url_for("bridge@127.0.0.1", "no_such_option=1")), "configuration");
}

}  // namespace
}  // namespace bridge::postgres::testing
