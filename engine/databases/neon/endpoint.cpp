// Endpoint names as Neon's connection strings spell them.
#include "engine/databases/neon/endpoint.h"

#include <algorithm>

namespace bridge::neon {
namespace {

constexpr std::string_view kPoolerSuffix = "-pooler";
constexpr std::string_view kOption = "endpoint=";
constexpr std::string_view kAddressCharacters = "0123456789.:";

EndpointName to_endpoint(std::string_view name) {
  const bool is_pooled = name.ends_with(kPoolerSuffix);
  if (is_pooled) name.remove_suffix(kPoolerSuffix.size());
  return {std::string(name), is_pooled};
}

// A colon stands in no host name.
bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of(kAddressCharacters) == std::string_view::npos;
}

}  // namespace

EndpointName read_endpoint_name(std::string_view host) {
  const std::size_t dot = host.find('.');
  if (is_address(host) || dot == std::string_view::npos) return {};
  return to_endpoint(host.substr(0, dot));
}

EndpointName find_endpoint_option(std::string_view options) {
  std::size_t start = options.find(kOption);
  while (start != std::string_view::npos && start > 0 && options[start - 1] != ' ') {
    start = options.find(kOption, start + 1);
  }
  if (start == std::string_view::npos) return {};
  const std::string_view rest = options.substr(start + kOption.size());
  return to_endpoint(rest.substr(0, rest.find(' ')));
}

}  // namespace bridge::neon
