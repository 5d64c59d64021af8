// What a connection URL may say, what is refused, and that nothing of it leaks.
#include "engine/driver/connection_url.h"

#include <gtest/gtest.h>

#include <random>

namespace bridge::driver {
namespace {

ConnectionUrl parsed(std::string_view text) {
  auto url = ConnectionUrl::parse(text);
  EXPECT_TRUE(url.has_value()) << (url ? "" : url.error().message());
  return url ? std::move(url).value() : ConnectionUrl{};
}

TEST(ConnectionUrl, ReadsEveryPart) {
  const auto url =
      parsed("postgresql://app:pa%40ss@db.example:6543/shop?sslmode=verify-full&application_name=a%20b");
  EXPECT_EQ(url.scheme, "postgresql");
  EXPECT_EQ(url.user, "app");
  EXPECT_EQ(url.password.reveal(), "pa@ss");
  EXPECT_TRUE(url.has_password);
  ASSERT_EQ(url.endpoints.size(), 1U);
  EXPECT_EQ(url.endpoints[0].host, "db.example");
  EXPECT_EQ(url.endpoints[0].port, 6543);
  EXPECT_EQ(url.database, "shop");
  EXPECT_EQ(url.options.at("sslmode"), "verify-full");
  EXPECT_EQ(url.options.at("application_name"), "a b");
}

TEST(ConnectionUrl, ReadsHostListsAndAddresses) {
  const auto url = parsed("postgresql://a@one:1,[2001:db8::1]:2,three,[::1]/d");
  ASSERT_EQ(url.endpoints.size(), 4U);
  EXPECT_EQ(url.endpoints[1].host, "2001:db8::1");
  EXPECT_EQ(url.endpoints[1].port, 2);
  EXPECT_EQ(url.endpoints[2].host, "three");
  EXPECT_EQ(url.endpoints[2].port, 0);
  EXPECT_EQ(url.endpoints[3].host, "::1");
  EXPECT_EQ(url.redacted(), "postgresql://a@one:1,[2001:db8::1]:2,three,[::1]/d");
}

TEST(ConnectionUrl, ReadsUnixSocketsInAllThreeForms) {
  for (const char* text : {"postgresql://a@/d?host=/run/pg&port=77", "postgresql://a@%2Frun%2Fpg:77/d",
                           "postgresql://a@/d?port=77&host=%2Frun%2Fpg"}) {
    const auto url = parsed(text);
    ASSERT_EQ(url.endpoints.size(), 1U);
    EXPECT_EQ(url.endpoints[0].host, "/run/pg");
    EXPECT_EQ(url.endpoints[0].port, 77);
    EXPECT_TRUE(url.options.empty());
  }
  EXPECT_EQ(parsed("postgresql:///d?host=/run/pg").endpoints[0].host, "/run/pg");
}

TEST(ConnectionUrl, ReadsFileDatabases) {
  EXPECT_EQ(parsed("sqlite:///rel.db").database, "rel.db");
  EXPECT_EQ(parsed("sqlite:////abs/file.db").database, "/abs/file.db");
  EXPECT_EQ(parsed("sqlite://").database, "");
  EXPECT_EQ(parsed("sqlite:///:memory:").database, ":memory:");
  EXPECT_TRUE(parsed("sqlite:////abs/file.db").endpoints.empty());
}

TEST(ConnectionUrl, RefusesWhatIsAmbiguousOrMalformed) {
  for (const std::string_view text : {"",
                                      "postgresql",
                                      "postgresql:/x",
                                      "Postgresql://h/d",
                                      "1p://h",
                                      "postgresql://a@b@c/d",
                                      "postgresql://h:0/d",
                                      "postgresql://h:65536/d",
                                      "postgresql://h:/d",
                                      "postgresql://h:12x/d",
                                      "postgresql://h: 1/d",
                                      "postgresql://[::1/d",
                                      "postgresql://[::1]x/d",
                                      "postgresql://[abc]/d",
                                      "postgresql://h,/d",
                                      "postgresql://,h/d",
                                      "postgresql://:1/d",
                                      "postgresql://h/d?x",
                                      "postgresql://h/d?=1",
                                      "postgresql://h/d?a=1&a=2",
                                      "postgresql://h/d?a=1&",
                                      "postgresql://h/d%",
                                      "postgresql://h/d%4",
                                      "postgresql://h/d%zz",
                                      "postgresql://h/d%00",
                                      "postgresql://a:b%00@h/d",
                                      "postgresql://h/d#f",
                                      "postgresql://h/d\n",
                                      "postgresql://h/%FF",
                                      "postgresql://h o/d",
                                      "postgresql://h/d?host=/x",
                                      "postgresql:///d?port=5",
                                      "postgresql:///d?host=",
                                      "postgresql://h;x/d",
                                      "postgresql://a::b:c/d"}) {
    const auto url = ConnectionUrl::parse(text);
    ASSERT_FALSE(url.has_value()) << text;
    EXPECT_EQ(url.error().code(), ErrorCode::kConfiguration);
  }
  EXPECT_FALSE(ConnectionUrl::parse("postgresql://h/" + std::string(10'000, 'a')).has_value());
}

TEST(ConnectionUrl, NeverShowsSecrets) {
  const std::string secret = "canary-secret";
  const auto url = parsed("postgresql://app:" + secret + "@h/d?sslkey=" + secret);
  EXPECT_EQ(url.redacted(), "postgresql://app:***@h/d");
  for (const std::string& text : {"postgresql://a:" + secret + "@h@h/d", "postgresql://h/d?" + secret,
                                  "postgresql://" + secret + "!/d", secret, "postgresql://h:" + secret}) {
    const auto refused = ConnectionUrl::parse(text);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message().find("canary"), std::string::npos);
  }
}

TEST(ConnectionUrl, ReadsItsOwnRedactedForm) {
  std::mt19937 generator(20);  // any seed: the property holds for all
  const std::string_view alphabet = "ab09.-_%/:@?,[]&= \xC3\xA9";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "postgresql://";
    const std::size_t length = generator() % 24;
    for (std::size_t index = 0; index < length; ++index)
      text.push_back(alphabet[generator() % alphabet.size()]);
    const auto url = ConnectionUrl::parse(text);
    if (!url) continue;
    const auto again = ConnectionUrl::parse(url.value().redacted());
    ASSERT_TRUE(again.has_value()) << text << " -> " << url.value().redacted();
    EXPECT_EQ(again.value().redacted(), url.value().redacted());
    EXPECT_EQ(again.value().user, url.value().user);
    EXPECT_EQ(again.value().database, url.value().database);
    EXPECT_EQ(again.value().endpoints.size(), url.value().endpoints.size());
  }
}

}  // namespace
}  // namespace bridge::driver
