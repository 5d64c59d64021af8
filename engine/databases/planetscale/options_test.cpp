// What a PlanetScale URL may say, and what it means where it says nothing.
#include "engine/databases/planetscale/options.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge::planetscale {
namespace {

Result<PlanetscaleOptions> read(const std::string& text) {
  const auto url = driver::ConnectionUrl::parse(text);
  if (!url) return url.error().clone();
  return PlanetscaleOptions::from_url(*url);
}

std::string refusal(const std::string& text) {
  const auto options = read(text);
  return options ? "" : options.error().message();
}

TEST(PlanetscaleOptions, ProvesServersByDefault) {
  const auto options = read("planetscale://u:p@aws.connect.psdb.cloud/shop");
  ASSERT_TRUE(options.has_value());
  const net::TlsOptions& tls = options->session.servers.front().tls;
  EXPECT_EQ(tls.mode, net::TlsMode::kVerifyFull);
  EXPECT_EQ(tls.root_certificates, "");  // those of the system
  EXPECT_EQ(options->transaction_limit, std::chrono::seconds(20));
  EXPECT_FALSE(options->checks_foreign_keys);
}

TEST(PlanetscaleOptions, ProvesServersOnLoopbackToo) {
  const auto options = read("planetscale://u@localhost/shop");
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->session.servers.front().tls.mode, net::TlsMode::kVerifyFull);
}

TEST(PlanetscaleOptions, RefusesWaysWithoutTls) {
  EXPECT_EQ(refusal("planetscale://u@h/d?sslmode=disable"),
            "PlanetScale URL: it is reached over TLS only; leave sslmode=disable out");
  EXPECT_EQ(refusal("planetscale://u@/d?socket=/tmp/s"), "PlanetScale URL: it is reached over TLS only");
}

// With it a quote inside a value would end the value.
TEST(PlanetscaleOptions, LeavesBackslashesTheirMeaning) {
  const auto options = read("planetscale://u@h/d");
  ASSERT_TRUE(options.has_value());
  EXPECT_NE(options->session.flavour.whole_settings.find("STRICT_ALL_TABLES"), std::string_view::npos);
  EXPECT_EQ(options->session.flavour.whole_settings.find("NO_BACKSLASH_ESCAPES"), std::string_view::npos);
}

TEST(PlanetscaleOptions, ReadsItsOwnWords) {
  const auto options = read("planetscale://u@h/d?foreign_keys=on&transaction_timeout=5");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->checks_foreign_keys);
  EXPECT_EQ(options->transaction_limit, std::chrono::seconds(5));
  EXPECT_NE(refusal("planetscale://u@h/d?foreign_keys=yes"), "");
  EXPECT_NE(refusal("planetscale://u@h/d?branch=main"), "");
}

}  // namespace
}  // namespace bridge::planetscale
