// Reads the options of a URL once, by name, and knows which nobody asked for.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"

namespace bridge::driver {

/// A word of an option and what it means.
template <typename Meaning>
using OptionWord = std::pair<std::string_view, Meaning>;

/// Errors are kConfiguration, name the product and the option, and never quote a value. Borrows the URL.
class UrlOptions {
 public:
  UrlOptions(const ConnectionUrl& url, std::string_view product) : url_(url), product_(product) {}

  const ConnectionUrl& url() const { return url_; }
  std::string take(const std::string& name, std::string fallback = {});
  /// Whether the URL says anything of it.
  bool has(const std::string& name) const { return url_.options.contains(name); }
  template <typename Choice, std::size_t kSize>
  Result<Choice> choose(const std::string& name, const std::array<OptionWord<Choice>, kSize>& choices,
                        Choice fallback) {
    const std::string text = take(name);
    if (text.empty()) return fallback;
    for (const auto& [word, choice] : choices) {
      if (word == text) return choice;
    }
    return refuse("the option " + name + " has a value that is not known");
  }
  /// A whole number of seconds, at most an hour; zero where nothing is said.
  Result<Duration> take_seconds(const std::string& name);
  Status refuse_others() const;
  Error refuse(std::string_view reason) const;

 private:
  const ConnectionUrl& url_;
  std::string_view product_;
  std::set<std::string> known_;
};

/// Where a database's servers are when the URL leaves it open.
struct ServerDefaults {
  std::uint16_t port = 0;
  /// The path of a Unix socket, made of the folder a URL names as host and of the port.
  std::string (*socket_path)(const std::string& folder, std::uint16_t port) = nullptr;
  /// Servers prove themselves over TLS on loopback, too, and TLS cannot be turned off.
  bool needs_tls = false;
};

/// The URL's servers with what `sslmode`, `sslrootcert`, `sslcert` and `sslkey` demand. Loopback needs no TLS
/// and any other host is verified in full unless the URL says otherwise; there is no "if possible". With
/// `hostaddr` the only host is reached at that address, without asking for it by name.
Result<std::vector<ServerAddress>> read_servers(UrlOptions& options, const ServerDefaults& defaults);

}  // namespace bridge::driver
