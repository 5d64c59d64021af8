// What a PostgreSQL URL may ask for, and what TLS it gets when it asks for nothing.
#include "engine/databases/postgres/options.h"

#include <gtest/gtest.h>

namespace bridge::postgres {
namespace {

Result<Options> read(std::string_view text) {
  BRIDGE_ASSIGN_OR_RETURN(const auto url, driver::ConnectionUrl::parse(text));
  return Options::from_url(url);
}

net::TlsMode mode_of(std::string_view text) {
  const auto options = read(text);
  EXPECT_TRUE(options.has_value()) << text;
  return options ? options.value().servers.front().tls.mode : net::TlsMode::kDisable;
}

TEST(PostgresOptions, VerifiesFullyBeyondLoopback) {
  EXPECT_EQ(mode_of("postgresql://u@db.example/d"), net::TlsMode::kVerifyFull);
  EXPECT_EQ(mode_of("postgresql://u@192.0.2.7/d"), net::TlsMode::kVerifyFull);
  EXPECT_EQ(mode_of("postgresql://u@localhost/d"), net::TlsMode::kDisable);
  EXPECT_EQ(mode_of("postgresql://u@127.0.0.1/d"), net::TlsMode::kDisable);
  EXPECT_EQ(mode_of("postgresql://u@[::1]/d"), net::TlsMode::kDisable);
  EXPECT_EQ(mode_of("postgresql://u@/d?host=/run/pg"), net::TlsMode::kDisable);
  EXPECT_EQ(mode_of("postgresql://u@db.example/d?sslmode=require"), net::TlsMode::kRequire);
  EXPECT_EQ(mode_of("postgresql://u@localhost/d?sslmode=verify-ca"), net::TlsMode::kVerifyCa);
}

TEST(PostgresOptions, ReadsServers) {
  const auto options = read("postgresql://u@one,two:7/d?sslmode=require&sslnegotiation=direct");
  ASSERT_TRUE(options.has_value());
  ASSERT_EQ(options.value().servers.size(), 2U);
  EXPECT_EQ(options.value().servers[0].address.port, 5432);
  EXPECT_EQ(options.value().servers[1].address.port, 7);
  EXPECT_EQ(options.value().servers[1].tls.host_name, "two");
  EXPECT_EQ(options.value().servers[1].tls.alpn, "postgresql");
  const auto local = read("postgresql://u@/d?host=/run/pg&port=7");
  ASSERT_TRUE(local.has_value());
  EXPECT_EQ(local.value().servers[0].address.unix_path, "/run/pg/.s.PGSQL.7");
}

TEST(PostgresOptions, AllowsOnlySaferLoginsUnasked) {
  const auto options = read("postgresql://u@localhost/d");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options.value().allowed.scram);
  EXPECT_FALSE(options.value().allowed.md5);
  EXPECT_FALSE(options.value().allowed.cleartext);
  const auto asked = read("postgresql://u@localhost/d?require_auth=md5,password");
  ASSERT_TRUE(asked.has_value());
  EXPECT_FALSE(asked.value().allowed.scram);
  EXPECT_FALSE(asked.value().allowed.none);
  EXPECT_TRUE(asked.value().allowed.md5);
}

TEST(PostgresOptions, RefusesWhatItDoesNotKnow) {
  for (const std::string_view text :
       {"postgresql://localhost/d", "postgresql://u@h/a/b", "postgresql://u@h/d?sslmode=prefer",
        "postgresql://u@h/d?sslmode=allow", "postgresql://u@h/d?unknown=1",
        "postgresql://u@h/d?require_auth=gss", "postgresql://u@h/d?target_session_attrs=x",
        "postgresql://u@localhost/d?sslnegotiation=direct",
        "postgresql://u@localhost/d?channel_binding=require",
        "postgresql://u@/d?host=/run/pg&sslmode=require", "postgresql://u@h/d?pool_mode=statement",
        "postgresql://u@h/d?connect_timeout=0", "postgresql://u@h/d?connect_timeout=5s",
        "postgresql://u@h/d?prepared_statements=maybe"}) {
    const auto options = read(text);
    ASSERT_FALSE(options.has_value()) << text;
    EXPECT_EQ(options.error().code(), ErrorCode::kConfiguration);
  }
}

TEST(PostgresOptions, KeepsNothingOfASessionBehindATransactionPooler) {
  const auto pooled = read("postgresql://u@localhost/d?pool_mode=transaction");
  ASSERT_TRUE(pooled.has_value());
  EXPECT_FALSE(pooled.value().keeps_prepared);
  for (const auto& [name, value] : pooled.value().startup) EXPECT_NE(name, "IntervalStyle");
  const auto following = read("postgresql://u@localhost/d?pool_mode=transaction&prepared_statements=on");
  ASSERT_TRUE(following.has_value());
  EXPECT_TRUE(following.value().keeps_prepared);
  EXPECT_TRUE(following.value().has_session_per_transaction);
}

}  // namespace
}  // namespace bridge::postgres
