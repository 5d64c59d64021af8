// A secret is moved, never left behind.
#include "engine/base/secret.h"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>

namespace bridge {
namespace {

template <typename T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!Printable<Secret>, "a secret must have no way into a log");

TEST(Secret, MovesLeaveNothingBehind) {
  Secret first("hunter2");
  Secret second(std::move(first));
  EXPECT_TRUE(first.is_empty());  // NOLINT(bugprone-use-after-move): that it is empty is the point
  EXPECT_EQ(second.reveal(), "hunter2");
  Secret third("old");
  third = std::move(second);
  EXPECT_TRUE(second.is_empty());  // NOLINT(bugprone-use-after-move): that it is empty is the point
  EXPECT_EQ(third.clone().reveal(), "hunter2");
  EXPECT_TRUE(Secret().is_empty());
}

TEST(Secret, ShortTextIsZeroedInPlace) {
  alignas(Secret) unsigned char place[sizeof(Secret)] = {};
  auto* secret = new (place) Secret("hunter2");  // short enough to lie inside the object itself
  secret->~Secret();
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(place), sizeof(place))
                .find("hunter"),  // SAFETY: char may alias any object
            std::string_view::npos);
}

}  // namespace
}  // namespace bridge
