// Endpoint names from hosts and options.
#include "engine/databases/neon/endpoint.h"

#include <gtest/gtest.h>

namespace bridge::neon {
namespace {

TEST(Endpoint, IsTheFirstLabelOfTheHost) {
  const EndpointName direct = read_endpoint_name("ep-cool-darkness-123456.us-east-2.aws.neon.tech");
  EXPECT_EQ(direct.id, "ep-cool-darkness-123456");
  EXPECT_FALSE(direct.is_pooled);
  const EndpointName pooled = read_endpoint_name("ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech");
  EXPECT_EQ(pooled.id, "ep-cool-darkness-123456");
  EXPECT_TRUE(pooled.is_pooled);
}

TEST(Endpoint, IsNotNamedByAddresses) {
  for (const std::string_view host : {"192.0.2.7", "2001:db8::7", "localhost", ""}) {
    EXPECT_EQ(read_endpoint_name(host).id, "") << host;
  }
}

TEST(Endpoint, MayBeAnOption) {
  EXPECT_EQ(find_endpoint_option("endpoint=ep-1").id, "ep-1");
  const EndpointName pooled = find_endpoint_option("-c geqo=off endpoint=ep-1-pooler -c jit=off");
  EXPECT_EQ(pooled.id, "ep-1");
  EXPECT_TRUE(pooled.is_pooled);
  EXPECT_EQ(find_endpoint_option("-c an.endpoint=ep-1").id, "");
  EXPECT_EQ(find_endpoint_option("").id, "");
}

}  // namespace
}  // namespace bridge::neon
