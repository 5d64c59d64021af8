// Logins without a server: what is refused, and that no secret leaves before it may.
#include "engine/databases/postgres/wire/login.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace bridge::postgres::wire {
namespace {

constexpr std::string_view kPassword = "canary-password";

std::string authentication(std::int32_t kind, std::string_view rest = {}) {
  ByteWriter writer;
  writer.write_byte(static_cast<std::uint8_t>(Backend::kAuthentication));
  writer.write_big_endian(static_cast<std::int32_t>(rest.size() + kLengthSize + sizeof(kind)));
  writer.write_big_endian(kind);
  writer.write_text(rest);
  return std::string(to_text(writer.view()));
}

std::string simple(Backend type, std::string_view body) {
  ByteWriter writer;
  writer.write_byte(static_cast<std::uint8_t>(type));
  writer.write_big_endian(static_cast<std::int32_t>(body.size() + kLengthSize));
  writer.write_text(body);
  return std::string(to_text(writer.view()));
}

std::string parameter(const std::string& name, const std::string& value) {
  return simple(Backend::kParameterStatus, name + '\0' + value + '\0');
}

const std::string kScramOffer{"SCRAM-SHA-256\0\0", 15};
const std::string kBothOffers{"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", 34};
const std::string kKey = simple(Backend::kBackendKey, std::string("\0\0\0\1\0\0\0\2", 8));
const std::string kReadyMessage = simple(Backend::kReady, "I");

LoginOptions options() {
  LoginOptions made;
  made.parameters = {{"user", "u"}};
  made.user = "u";
  made.password = Secret(std::string(kPassword));
  made.has_password = true;
  return made;
}

/// Begins a login and feeds it; the last action's kind, or the error's code.
struct Played {
  std::string outcome;
  std::string written;
};

Played play(LoginOptions made, const std::string& stream, bool is_encrypted = false) {
  Login login(std::move(made));
  if (is_encrypted) login.set_channel_binding({std::byte{1}, std::byte{2}});
  ByteWriter out;
  auto action = login.begin(out);
  if (action) action = login.on_bytes(to_bytes(stream), out);
  const std::string outcome =
      action ? std::to_string(static_cast<int>(action->kind)) : std::string(to_name(action.error().code()));
  return {outcome, std::string(to_text(out.view()))};
}

const std::string kContinue = "0";
const std::string kTls = "1";
const std::string kKeyWanted = "2";
const std::string kDone = "3";

TEST(LoginConversation, EndsWhenTheServerIsReady) {
  const std::string stream = authentication(0) + parameter("client_encoding", "UTF8") + kKey + kReadyMessage;
  EXPECT_EQ(play(options(), stream).outcome, kDone);
  for (std::size_t cut = 0; cut < stream.size(); ++cut) {
    EXPECT_EQ(play(options(), stream.substr(0, cut)).outcome, kContinue) << cut;
  }
}

TEST(LoginConversation, RefusesSessionsItCannotUse) {
  EXPECT_EQ(
      play(options(), authentication(0) + parameter("client_encoding", "LATIN1") + kReadyMessage).outcome,
      "configuration");
  EXPECT_EQ(
      play(options(), authentication(0) + parameter("integer_datetimes", "off") + kReadyMessage).outcome,
      "configuration");
  EXPECT_EQ(play(options(), authentication(0) + simple(Backend::kReady, "T")).outcome, "connection_lost");
  EXPECT_EQ(play(options(), authentication(0) + authentication(0)).outcome, "connection_lost");
  EXPECT_EQ(play(options(), kReadyMessage).outcome, "connection_lost");
  EXPECT_EQ(play(options(), simple(Backend::kDataRow, "xx")).outcome, "connection_lost");
}

TEST(LoginConversation, GivesOnlyTheProofsThatAreAllowed) {
  const std::string salt = "abcd";
  EXPECT_EQ(play(options(), authentication(3)).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(5, salt)).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(7)).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(2)).outcome, "authentication");
  for (const auto& stream : {authentication(3), authentication(5, salt), authentication(7)}) {
    EXPECT_EQ(play(options(), stream).written.find(kPassword), std::string::npos);
  }
  LoginOptions lax = options();
  lax.allowed.cleartext = true;
  EXPECT_NE(play(std::move(lax), authentication(3)).written.find(kPassword), std::string::npos);
  LoginOptions strict = options();
  strict.allowed.none = false;
  EXPECT_EQ(play(std::move(strict), authentication(0)).outcome, "authentication");
  LoginOptions empty = options();
  empty.has_password = false;
  EXPECT_EQ(play(std::move(empty), authentication(10, kScramOffer)).outcome, "authentication");
}

TEST(LoginConversation, RefusesAServerThatSkipsItsOwnProof) {
  // "ok" right after the client's first message, and right after the proof was asked for.
  EXPECT_EQ(play(options(), authentication(10, kScramOffer) + authentication(0)).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(12, "v=AAAA")).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(11, "r=x,s=AAAA,i=1")).outcome, "authentication");
  EXPECT_EQ(play(options(), authentication(10, kScramOffer) + authentication(11, "r=x,s=AAAA,i=1")).outcome,
            "authentication");
  EXPECT_EQ(play(options(), authentication(10, kScramOffer) + authentication(10, kScramOffer)).outcome,
            "connection_lost");
}

TEST(LoginConversation, BindsToTlsOrRefuses) {
  EXPECT_NE(play(options(), authentication(10, kBothOffers), true).written.find("p=tls-server-end-point"),
            std::string::npos);
  EXPECT_NE(play(options(), authentication(10, kScramOffer), true).written.find("y,,"), std::string::npos);
  EXPECT_NE(play(options(), authentication(10, kBothOffers), false).written.find("n,,"), std::string::npos);
  const auto required = [] {
    LoginOptions made = options();
    made.binding = BindingPolicy::kRequire;
    made.allowed.md5 = made.allowed.cleartext = true;
    return made;
  };
  EXPECT_EQ(play(required(), authentication(10, kScramOffer), true).outcome, "authentication");
  EXPECT_EQ(play(required(), authentication(10, kBothOffers), false).outcome, "authentication");
  EXPECT_EQ(play(required(), authentication(0), true).outcome, "authentication");
  EXPECT_EQ(play(required(), authentication(3), true).outcome, "authentication");
  EXPECT_EQ(play(required(), authentication(5, "abcd"), true).outcome, "authentication");
  EXPECT_EQ(play(required(), authentication(10, kBothOffers), true).outcome, kContinue);
}

TEST(LoginConversation, AsksForTlsAndTakesNoSubstitute) {
  const auto tls = [] {
    LoginOptions made = options();
    made.asks_for_tls = true;
    return made;
  };
  EXPECT_EQ(play(tls(), "S").outcome, kTls);
  EXPECT_EQ(play(tls(), "").outcome, kContinue);
  for (const std::string stream : {"N", "E", "X", "SX", "S\1\2\3"}) {
    const Played played = play(tls(), stream);
    EXPECT_EQ(played.outcome, "tls") << stream;
    EXPECT_EQ(played.written.size(), 8U) << "more than the request for TLS left";
  }
}

TEST(LoginConversation, SurvivesRandomDamage) {
  const std::string stream =
      authentication(10, kBothOffers) + authentication(0) + parameter("a", "b") + kKey + kReadyMessage;
  std::mt19937 generator(9);  // any seed: the property holds for all
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = stream;
    for (int hit = 0; hit < 3; ++hit) damaged[generator() % damaged.size()] = static_cast<char>(generator());
    EXPECT_NE(play(options(), damaged, round % 2 == 0).outcome, kDone);
  }
}

}  // namespace
}  // namespace bridge::postgres::wire
