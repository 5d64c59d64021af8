// Which URLs open what, and which open nothing.
#include "engine/databases/sqlite/open_options.h"

#include <gtest/gtest.h>

namespace bridge::sqlite {
namespace {

driver::ConnectionUrl url_of(std::string database, std::map<std::string, std::string> options = {}) {
  driver::ConnectionUrl url;
  url.scheme = "sqlite";
  url.database = std::move(database);
  url.options = std::move(options);
  return url;
}

TEST(OpenOptions, MemoryHasThreeNames) {
  for (const auto& url : {std::pair{"", ""}, {":memory:", ""}, {"name.db", "memory"}}) {
    auto parsed = parse_open_options(*url.second == '\0' ? url_of(url.first)
                                                         : url_of(url.first, {{"mode", url.second}}));
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->is_in_memory);
    EXPECT_EQ(parsed->path, "");
    EXPECT_FALSE(parsed->commits_sync());
  }
}

TEST(OpenOptions, FilesTakeTheListedOptions) {
  const auto parsed = parse_open_options(url_of("/a.db", {{"mode", "ro"},
                                                          {"busy_timeout", "250"},
                                                          {"synchronous", "full"},
                                                          {"journal_mode", "delete"},
                                                          {"cache_size", "64"}}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->path, "/a.db");
  EXPECT_EQ(parsed->access, Access::kReadOnly);
  EXPECT_EQ(parsed->busy_timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(parsed->synchronous, Synchronous::kFull);
  EXPECT_EQ(parsed->journal_mode, JournalMode::kDelete);
  EXPECT_EQ(parsed->cache_kibibytes, 64);
  EXPECT_TRUE(parsed->commits_sync());
}

TEST(OpenOptions, EverythingElseIsRefused) {
  const std::vector<std::map<std::string, std::string>> wrong{{{"mode", "rwx"}},
                                                              {{"journal_mode", "off"}},
                                                              {{"synchronous", "off"}},
                                                              {{"busy_timeout", "-1"}},
                                                              {{"busy_timeout", "1s"}},
                                                              {{"cache_size", ""}},
                                                              {{"vfs", "memdb"}},
                                                              {{"cache", "shared"}},
                                                              {{"immutable", "1"}},
                                                              {{"MODE", "ro"}},
                                                              {{"busy_timeout", "99999999999999999999"}}};
  for (const auto& options : wrong) {
    const auto parsed = parse_open_options(url_of("a.db", options));
    ASSERT_FALSE(parsed) << options.begin()->first;
    EXPECT_EQ(parsed.error().code(), ErrorCode::kConfiguration);
    EXPECT_EQ(parsed.error().message().find("99999"), std::string::npos) << "messages never quote the URL";
  }
  auto with_host = url_of("a.db");
  with_host.endpoints.push_back({"localhost", 0});
  EXPECT_FALSE(parse_open_options(with_host));
  auto with_user = url_of("a.db");
  with_user.user = "me";
  EXPECT_FALSE(parse_open_options(with_user));
}

}  // namespace
}  // namespace bridge::sqlite
