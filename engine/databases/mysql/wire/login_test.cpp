// Logins without a server: every method's steps, what is refused, and that no secret leaves before it may.
#include "engine/databases/mysql/wire/login.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge::mysql::wire {
namespace {

constexpr std::string_view kPassword = "canary-password";
constexpr std::string_view kScramble = "ABCDEFGHabcdefghijkl";
constexpr std::uint32_t kServerCapabilities = 0xFFFFFFFF;

std::string packet(std::uint8_t sequence, std::string_view payload) {
  ByteWriter out;
  PacketWriter writer(out, sequence);
  out.write_text(payload);
  EXPECT_TRUE(writer.finish());
  return std::string(to_text(out.view()));
}

std::string greeting(std::string_view method, std::uint32_t capabilities = kServerCapabilities) {
  constexpr unsigned kHalf = 16;
  ByteWriter out;
  out.write_byte(kHandshakeVersion);
  out.write_c_string("9.7.4");
  out.write_little_endian(std::uint32_t{42});
  out.write_text(kScramble.substr(0, kScrambleHead));
  out.write_byte(0);
  out.write_little_endian(static_cast<std::uint16_t>(capabilities));
  out.write_byte(kCharset);
  out.write_little_endian(std::uint16_t{0});
  out.write_little_endian(static_cast<std::uint16_t>(capabilities >> kHalf));
  out.write_byte(kScrambleSize + 1);
  out.write_text(std::string(6, '\0'));
  out.write_little_endian(std::uint32_t{kBulkOperations | kCacheMetadata});
  out.write_c_string(kScramble.substr(kScrambleHead));
  out.write_c_string(method);
  return packet(0, to_text(out.view()));
}

const std::string kOkPayload{"\0\0\0\2\0\0\0", 7};
const std::string kErrorPayload = "\xFF\x15\x04#28000Access denied";

LoginOptions options(bool is_private = false) {
  LoginOptions made;
  made.user = "u";
  made.password = Secret(std::string(kPassword));
  made.is_private = is_private;
  return made;
}

/// Begins a login and feeds it; the last action's kind, or the error's code, and all that was written.
struct Played {
  std::string outcome;
  std::string written;
};

Played play(LoginOptions made, const std::string& stream) {
  Login login(std::move(made));
  ByteWriter out;
  const auto action = login.on_bytes(to_bytes(stream), out);
  const std::string outcome =
      action ? std::to_string(static_cast<int>(action->kind)) : std::string(to_name(action.error().code()));
  return {outcome, std::string(to_text(out.view()))};
}

bool holds_password(const std::string& written) { return written.find(kPassword) != std::string::npos; }

const std::string kSaltPayload{
    "P\0"
    "0123456789abcdef01",
    20};

const std::string kContinue = "0";
const std::string kTlsWanted = "1";
const std::string kKeyWanted = "2";
const std::string kDone = "3";

TEST(MysqlLogin, EndsWithTheServersAcknowledgement) {
  for (const char* method : {"caching_sha2_password", "mysql_native_password"}) {
    const std::string stream = greeting(method) + packet(2, kOkPayload);
    const Played played = play(options(), stream);
    EXPECT_EQ(played.outcome, kDone) << method;
    EXPECT_FALSE(holds_password(played.written)) << method;
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
      EXPECT_EQ(play(options(), stream.substr(0, cut)).outcome, kContinue) << cut;
    }
  }
}

TEST(MysqlLogin, TellsWhatTheServerIs) {
  Login login(options());
  ByteWriter out;
  const std::string stream =
      greeting("mysql_native_password", kServerCapabilities & ~std::uint32_t{kLongPassword}) +
      packet(2, kOkPayload);
  ASSERT_TRUE(login.on_bytes(to_bytes(stream), out));
  EXPECT_EQ(login.traits().version, "9.7.4");
  EXPECT_EQ(login.traits().thread, 42U);
  EXPECT_TRUE(login.traits().is_mariadb);
  EXPECT_TRUE(login.traits().has_bulk_execute);
  EXPECT_TRUE(login.traits().has_cached_metadata);
  EXPECT_FALSE(login.traits().has_extended_metadata);
}

TEST(MysqlLogin, SaysNothingBeforeTlsThatWasAskedFor) {
  LoginOptions made = options();
  made.asks_for_tls = true;
  Login login(std::move(made));
  ByteWriter out;
  const auto action = login.on_bytes(to_bytes(greeting("caching_sha2_password")), out);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kind, driver::NextAction::Kind::kStartTls);
  constexpr std::size_t kRequestSize = kHeaderSize + 32;
  EXPECT_EQ(out.size(), kRequestSize) << "the user's name is a secret, too";
  out.clear();
  ASSERT_TRUE(login.on_tls_started(out));
  EXPECT_NE(to_text(out.view()).find("u"), std::string_view::npos);
}

TEST(MysqlLogin, NeverGoesOnWithoutTlsThatWasAskedFor) {
  LoginOptions made = options();
  made.asks_for_tls = true;
  const Played played =
      play(std::move(made), greeting("caching_sha2_password", kServerCapabilities & ~std::uint32_t{kTls}));
  EXPECT_EQ(played.outcome, "tls");
  EXPECT_TRUE(played.written.empty());
}

TEST(MysqlLogin, GivesThePasswordOnlyWhereNobodyListens) {
  const std::string wants_all = greeting("caching_sha2_password") + packet(2, "\1\4");
  const Played open = play(options(), wants_all);
  EXPECT_EQ(open.outcome, "authentication");
  EXPECT_FALSE(holds_password(open.written));

  const Played socket = play(options(true), wants_all + packet(4, kOkPayload));
  EXPECT_EQ(socket.outcome, kDone);
  EXPECT_TRUE(holds_password(socket.written));

  const std::string clear_text =
      greeting("caching_sha2_password") + packet(2, std::string("\xFEmysql_clear_password\0", 23));
  LoginOptions allowed = options(true);
  allowed.allows_cleartext = true;
  const Played clear = play(std::move(allowed), clear_text);
  EXPECT_EQ(clear.outcome, "authentication") << "only verified TLS may carry it";
  EXPECT_FALSE(holds_password(clear.written));
}

TEST(MysqlLogin, TakesAServersKeyOnlyWhereAllowed) {
  LoginOptions allowed = options();
  allowed.allows_server_key = true;
  const std::string stream = greeting("caching_sha2_password") + packet(2, "\1\4");
  EXPECT_EQ(play(std::move(allowed), stream).outcome, kContinue);
  LoginOptions again = options();
  again.allows_server_key = true;
  const Played broken = play(std::move(again), stream + packet(4, "\1no key at all"));
  EXPECT_EQ(broken.outcome, "authentication");
  EXPECT_FALSE(holds_password(broken.written));
}

TEST(MysqlLogin, FollowsAChangeOfMethod) {
  const std::string change = std::string("\xFEmysql_native_password\0", 23) + std::string(kScramble) + '\0';
  const std::string stream = greeting("caching_sha2_password") + packet(2, change) + packet(4, kOkPayload);
  EXPECT_EQ(play(options(), stream).outcome, kDone);
  const std::string unknown = std::string("\xFE", 1) + "dialog" + '\0' + std::string(kScramble);
  EXPECT_EQ(play(options(), greeting("caching_sha2_password") + packet(2, unknown)).outcome,
            "authentication");
  EXPECT_EQ(play(options(), greeting("caching_sha2_password") + packet(2, "\xFE")).outcome, "authentication");
}

TEST(MysqlLogin, DerivesAKeyForParsec) {
  const std::string change = std::string("\xFEparsec\0", 8) + std::string(32, 's');
  const std::string stream = greeting("caching_sha2_password") + packet(2, change) + packet(4, kSaltPayload);
  Login login(options());
  ByteWriter out;
  const auto action = login.on_bytes(to_bytes(stream), out);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kind, driver::NextAction::Kind::kDeriveKey);
  out.clear();
  const Status derived = login.derive_key();
  ASSERT_TRUE(derived);
  ASSERT_TRUE(login.on_key_derived(derived, out));
  constexpr std::size_t kNonceAndSignature = 96;
  EXPECT_EQ(out.size(), kHeaderSize + kNonceAndSignature);
  const std::string greedy = greeting("caching_sha2_password") + packet(2, change) + packet(4, "P\x20salt");
  EXPECT_EQ(play(options(), greedy).outcome, "authentication") << "rounds without end";
}

TEST(MysqlLogin, SignsForEd25519OnlyWhenAsked) {
  const std::string change = std::string(
                                 "\xFE"
                                 "client_ed25519\0",
                                 16) +
                             std::string(32, 's');
  const std::string stream = greeting("client_ed25519") + packet(2, change) + packet(4, kOkPayload);
  EXPECT_EQ(play(options(), stream).outcome, kDone);
  const std::string short_change = std::string(
                                       "\xFE"
                                       "client_ed25519\0",
                                       16) +
                                   std::string(20, 's');
  EXPECT_EQ(play(options(), greeting("client_ed25519") + packet(2, short_change)).outcome, "connection_lost");
}

TEST(MysqlLogin, ReportsWhatTheServerSays) {
  EXPECT_EQ(play(options(), greeting("caching_sha2_password") + packet(2, kErrorPayload)).outcome,
            "authentication");
  EXPECT_EQ(play(options(), packet(0, "\xFF\x10\x04Too many connections")).outcome, "connect_failed");
}

TEST(MysqlLogin, RefusesWhatIsNoGreeting) {
  EXPECT_EQ(play(options(), packet(0,
                                   "\x09"
                                   "4.0.1\0"))
                .outcome,
            "connection_lost");
  EXPECT_EQ(play(options(), packet(0, std::string("\x09"
                                                  "3.23.58\0",
                                                  9)))
                .outcome,
            "connect_failed");
  EXPECT_EQ(play(options(), greeting("x", kProtocol41 | kSecureConnection | kPluginAuthentication)).outcome,
            "connect_failed");
  EXPECT_EQ(play(options(), packet(1, "hello")).outcome, "connection_lost");
}

}  // namespace
}  // namespace bridge::mysql::wire
