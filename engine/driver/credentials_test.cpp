// SCRAM by the vectors of RFC 7677, and every lie a server can tell in it.
#include "engine/driver/credentials.h"

#include <gtest/gtest.h>

#include <array>

namespace bridge::driver {
namespace {

// RFC 7677 section 3, except that its client names the user inside the message while ours leaves that empty;
// the proofs below were therefore computed for the empty name with an independent implementation (Python's
// hashlib).
constexpr std::string_view kNonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kServerFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view kPlainFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=qvT2SWdEH5Q06albL+"
    "hjSYuUhCG7VndFyzIb7CK4n9k=";
constexpr std::string_view kPlainSignature = "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=";
constexpr std::string_view kBoundFinal =
    "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREh"
    "MUFRYXGBkaGxwdHh8=,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=Q8h71kjaoMzNI7dPksDrhRE/"
    "5mTUObF0fUHVIgBOWQg=";
constexpr std::string_view kBoundSignature = "v=ykwoqH8mLqO5AQCeuwwf6lsj9f8zyJZT/CcvAbN4Ssc=";

constexpr std::string_view kMd5Answer = "md5f21dfe33ff3a9e03dbc3e008251fe5cc";

ScramClient plain_client() { return {ChannelBinding::kUnsupported, {}, std::string(kNonce)}; }

TEST(Scram, FollowsTheStandard) {
  ScramClient client = plain_client();
  EXPECT_EQ(client.first_message(), "n,,n=,r=rOprNGfwEbeRWgbNEkqO");
  ASSERT_TRUE(client.accept_first(kServerFirst));
  ASSERT_TRUE(client.derive_proof(Secret("pencil")));
  EXPECT_EQ(client.final_message(), kPlainFinal);
  EXPECT_TRUE(client.accept_final(kPlainSignature));
}

TEST(Scram, BindsToTheChannel) {
  std::vector<std::byte> binding;
  constexpr std::uint8_t kBindingSize = 32;
  for (std::uint8_t index = 0; index < kBindingSize; ++index) binding.push_back(std::byte{index});
  ScramClient client(ChannelBinding::kEndPoint, binding, std::string(kNonce));
  EXPECT_EQ(client.first_message(), "p=tls-server-end-point,,n=,r=rOprNGfwEbeRWgbNEkqO");
  ASSERT_TRUE(client.accept_first(kServerFirst));
  ASSERT_TRUE(client.derive_proof(Secret("pencil")));
  EXPECT_EQ(client.final_message(), kBoundFinal);
  EXPECT_TRUE(client.accept_final(kBoundSignature));
  EXPECT_FALSE(client.accept_final(kPlainSignature));
}

TEST(Scram, SaysWhenTheServerHidItsOffer) {
  ScramClient client(ChannelBinding::kNotOffered, {}, std::string(kNonce));
  EXPECT_EQ(client.first_message(), "y,,n=,r=rOprNGfwEbeRWgbNEkqO");
}

TEST(Scram, RefusesLyingServers) {
  for (const std::string_view message :
       {"", "r=", "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",  // nonce not extended
        "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z!,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=600001",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096x",
        "m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,r=x,i=1"}) {
    ScramClient client = plain_client();
    const Status answer = client.accept_first(message);
    ASSERT_FALSE(answer.has_value()) << message;
    EXPECT_EQ(answer.error().code(), ErrorCode::kAuthentication);
  }
}

TEST(Scram, RefusesAServerThatCannotProveItself) {
  ScramClient client = plain_client();
  ASSERT_TRUE(client.accept_first(kServerFirst));
  EXPECT_FALSE(client.accept_final(kPlainSignature));  // before any proof was made
  ASSERT_TRUE(client.derive_proof(Secret("pencil")));
  for (const std::string_view message : {"", "v=", "v=AAAA", "e=invalid-proof", "x=1", "v=!!!!"}) {
    EXPECT_FALSE(client.accept_final(message)) << message;
  }
  EXPECT_FALSE(client.accept_final("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
}

TEST(Md5, AnswersTheSalt) {
  const std::array<std::byte, 4> salt{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  const auto answer = make_md5_answer("bob", Secret("secret"), salt);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer.value(), kMd5Answer);
}

TEST(Base64, ReadsOnlyItsCanonicalForm) {
  for (const std::string_view text : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="}) {
    const auto bytes = decode_base64(text);
    ASSERT_TRUE(bytes.has_value()) << text;
    EXPECT_EQ(encode_base64(bytes.value()), text);
  }
  for (const std::string_view text : {"Zg", "Zh==", "Zg=", "====", " Zm9v", "Zm9v\n", "Z===", "Zm9=v"}) {
    EXPECT_FALSE(decode_base64(text).has_value()) << text;
  }
}

TEST(Nonce, IsFresh) {
  const auto one = make_scram_nonce();
  const auto other = make_scram_nonce();
  ASSERT_TRUE(one.has_value() && other.has_value());
  EXPECT_NE(one.value(), other.value());
  EXPECT_EQ(one.value().find(','), std::string::npos);
}

}  // namespace
}  // namespace bridge::driver
