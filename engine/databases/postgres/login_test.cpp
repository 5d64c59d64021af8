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

  void set_password(const std::string& password) {
    const auto connection = open_or_fail(server_url());
    ASSERT_NE(connection, nullptr);
    // MD5 is what PostgreSQL 13 stores unasked.
    ASSERT_EQ(await(*send(*connection, command("set password_encryption to 'scram-sha-256'"))), "ok");
    ASSERT_EQ(await(*send(*connection, command("alter role bridge_changing password '" + password + "'"))),
              "ok");
  }

  /// The answer to a question, or the error's name.
  std::string answer_of(const std::string& url, const std::string& question) {
    auto connection = open(url);
    if (!connection) return std::string(to_name(connection.error().code()));
    return rows_of(**connection, statement(question));
  }
  std::string user_of(const std::string& url) { return answer_of(url, "select current_user"); }
  std::string encryption_of(const std::string& url) {
    return answer_of(url, "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  }
};

TEST_F(Login, OverTcpAndUnixSocket) {
  EXPECT_EQ(user_of(server_url()), "'bridge';");
  EXPECT_EQ(user_of(variable("BRIDGE_POSTGRES_UNIX_URL")), "'bridge';");
}

TEST_F(Login, TakesPasswordsOfAnyCharacters) {
  const std::string password = "p@ss:/w?rd#% &=\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\x91";
  const std::string encoded = "p%40ss%3A%2Fw%3Frd%23%25%20%26%3D%C3%A9%E2%82%AC%F0%9F%94%91";
  set_password(password);
  EXPECT_EQ(user_of(url_for("bridge_changing:" + encoded + "@127.0.0.1")), "'bridge_changing';");
  EXPECT_EQ(user_of(url_for(with_password("bridge_changing") + "@127.0.0.1")), "authentication");
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
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", "sslmode=disable")), "false;");
  EXPECT_EQ(encryption_of(url_for("bridge@localhost")), "false;");
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", "sslmode=require")), "true;");
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", "sslmode=verify-full&" + root())), "true;");
  EXPECT_EQ(encryption_of(url_for("bridge@127.0.0.1", "sslmode=verify-ca&" + root())), "true;");
  EXPECT_EQ(encryption_of(url_for("bridge@127.0.0.1", "sslmode=verify-full&" + root())), "tls");
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", "sslmode=verify-full")), "tls");
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", "sslmode=verify-ca")), "tls");
}

TEST_F(Login, BindsThePasswordToTheChannel) {
  if (!has_tls()) GTEST_SKIP() << "the server runs without TLS";
  const std::string who = with_password("bridge_scram") + "@localhost";
  for (const std::string binding : {"require", "prefer", "disable"}) {
    EXPECT_EQ(user_of(url_for(who, "channel_binding=" + binding + "&sslmode=verify-full&" + root())),
              "'bridge_scram';");
  }
  EXPECT_EQ(user_of(url_for("bridge@localhost", "channel_binding=require&sslmode=require")),
            "authentication");
}

TEST_F(Login, SpeaksTlsFromTheFirstByteWhereTheServerCan) {
  if (!has_tls()) GTEST_SKIP() << "the server runs without TLS";
  const std::string direct = "sslnegotiation=direct&sslmode=verify-full&" + root();
  const int version = std::atoi(variable("BRIDGE_POSTGRES_VERSION").c_str());
  ASSERT_GT(version, 0) << "BRIDGE_POSTGRES_VERSION is unset";
  if (version < 17) {
    EXPECT_EQ(encryption_of(url_for("bridge@localhost", direct)), "connection_lost");
    return;
  }
  EXPECT_EQ(encryption_of(url_for("bridge@localhost", direct)), "true;");
  EXPECT_EQ(
      user_of(url_for(with_password("bridge_scram") + "@localhost", "channel_binding=require&" + direct)),
      "'bridge_scram';");
  EXPECT_EQ(encryption_of(url_for("bridge@127.0.0.1", direct)), "tls");
}

TEST_F(Login, StopsStatementsThroughTheSameTls) {
  if (!has_tls()) GTEST_SKIP() << "the server runs without TLS";
  std::vector<std::string> ways{"sslmode=verify-full&" + root()};
  if (std::atoi(variable("BRIDGE_POSTGRES_VERSION").c_str()) >= 17)
    ways.push_back(ways[0] + "&sslnegotiation=direct");
  for (const std::string& way : ways) {
    const auto connection = open_or_fail(url_for("bridge@localhost", way));
    ASSERT_NE(connection, nullptr);
    const auto slow = send(*connection, statement("select pg_sleep(30)"), {},
                           Deadline::after(clock_, std::chrono::milliseconds(200)));
    EXPECT_EQ(await(*slow), "deadline_exceeded");
    EXPECT_TRUE(run_until([&] { return connection->is_ready(); }));
    EXPECT_EQ(rows_of(*connection, statement("select 1")), "1;");
  }
}

TEST_F(Login, NeverFallsBackToPlainText) {
  const std::string port = variable("BRIDGE_STANDBY_PORT");
  if (port.empty()) GTEST_SKIP() << "BRIDGE_STANDBY_PORT is unset: run tools/servers start standby";
  const std::string plain = "postgresql://bridge@localhost:" + port + "/postgres";
  EXPECT_EQ(encryption_of(plain), "false;");
  for (const char* mode : {"require", "verify-ca", "verify-full"}) {
    EXPECT_EQ(encryption_of(plain + "?sslmode=" + mode), "tls");
    EXPECT_EQ(encryption_of(plain + "?sslnegotiation=direct&sslmode=" + mode), "connection_lost");
  }
}

TEST_F(Login, NamesWhatWentWrong) {
  EXPECT_EQ(user_of("postgresql://bridge@127.0.0.1:1/postgres"), "connect_failed");
  EXPECT_EQ(user_of(server_url() + "_not_there"), "configuration");
  EXPECT_EQ(user_of(url_for("bridge@127.0.0.1", "no_such_option=1")), "configuration");
}

}  // namespace
}  // namespace bridge::postgres::testing
