// Parses connection URLs strictly: what could be read in two ways is refused, and no message repeats the
// input.
#include "engine/driver/connection_url.h"

#include <charconv>
#include <optional>

#include "engine/types/utf8.h"

namespace bridge::driver {
namespace {

constexpr std::size_t kMaxUrlBytes = 8'192;  // far beyond any real URL; bounds the work on a hostile one
constexpr std::size_t kMaxHosts = 64;        // a longer list is a mistake
constexpr std::string_view kSchemeMark = "://";
constexpr std::string_view kHostOption = "host";
constexpr std::string_view kPortOption = "port";
constexpr unsigned char kFirstPrintable = 0x20;
constexpr char kDelete = 0x7F;

Error refuse(std::string_view reason) {
  return make_error(ErrorCode::kConfiguration, "connection URL: " + std::string(reason));
}

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_word(char letter) {
  return is_lower(letter) || is_upper(letter) || is_digit(letter) || letter == '_';
}

std::optional<int> hex_digit(char letter) {
  constexpr int kTen = 10;
  if (is_digit(letter)) return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + kTen;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + kTen;
  return std::nullopt;
}

Result<std::string> percent_decode(std::string_view text) {
  constexpr std::size_t kEscapeSize = 3;  // %XX
  constexpr int kHexBase = 16;
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '%') {
      decoded.push_back(text[index]);
      continue;
    }
    if (text.size() - index < kEscapeSize)
      return refuse("a percent sign is not followed by two hexadecimal digits");
    const auto high = hex_digit(text[index + 1]);
    const auto low = hex_digit(text[index + 2]);
    if (!high || !low) return refuse("a percent sign is not followed by two hexadecimal digits");
    decoded.push_back(static_cast<char>(*high * kHexBase + *low));
    index += kEscapeSize - 1;
  }
  if (decoded.find('\0') != std::string::npos) return refuse("NUL is not allowed");
  if (!types::is_valid_utf8(decoded)) return refuse("the decoded text is not UTF-8");
  return decoded;
}

/// Text cut at the first `mark`; `after` is nothing where there is none.
struct Halves {
  std::string_view before;
  std::optional<std::string_view> after;
};

Halves cut_at(std::string_view text, char mark) {
  const std::size_t place = text.find(mark);
  if (place == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, place), text.substr(place + 1)};
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size() || port == 0) {
    return refuse("a port is not a number from 1 to 65535");
  }
  return port;
}

Status check_host(std::string_view host, bool is_bracketed) {
  if (host.empty()) return refuse("a host of the list is empty");
  if (host.front() == '/') return {};
  for (const char letter : host) {
    const bool is_address_part = is_bracketed && (letter == ':' || letter == '%');
    if (!is_word(letter) && letter != '.' && letter != '-' && !is_address_part) {
      return refuse("a host holds a character that no host name has");
    }
  }
  if (is_bracketed && host.find(':') == std::string_view::npos)
    return refuse("brackets hold no IPv6 address");
  return {};
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  std::string_view host = text;
  std::optional<std::string_view> port;
  const bool is_bracketed = text.starts_with('[');
  if (is_bracketed) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return refuse("an IPv6 bracket is not closed");
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':')
      return refuse("an IPv6 bracket is followed by something else than a port");
    if (!rest.empty()) port = rest.substr(1);
  } else {
    const Halves halves = cut_at(text, ':');
    host = halves.before;
    port = halves.after;
  }
  Endpoint endpoint;
  BRIDGE_ASSIGN_OR_RETURN(endpoint.host, percent_decode(host));
  BRIDGE_RETURN_IF_ERROR(check_host(endpoint.host, is_bracketed));
  if (port) {
    BRIDGE_ASSIGN_OR_RETURN(endpoint.port, parse_port(*port));
  }
  return endpoint;
}

Status parse_hosts(std::string_view text, ConnectionUrl& url) {
  if (text.empty()) return {};
  std::optional<std::string_view> rest = text;
  while (rest) {
    const Halves halves = cut_at(*rest, ',');
    BRIDGE_ASSIGN_OR_RETURN(Endpoint endpoint, parse_endpoint(halves.before));
    if (url.endpoints.size() == kMaxHosts) return refuse("the list of hosts is too long");
    url.endpoints.push_back(std::move(endpoint));
    rest = halves.after;
  }
  return {};
}

Status parse_user(std::string_view text, ConnectionUrl& url) {
  const Halves halves = cut_at(text, ':');
  BRIDGE_ASSIGN_OR_RETURN(url.user, percent_decode(halves.before));
  if (!halves.after) return {};
  BRIDGE_ASSIGN_OR_RETURN(std::string password, percent_decode(*halves.after));
  url.password = Secret(std::move(password));
  url.has_password = true;
  return {};
}

Status parse_authority(std::string_view text, ConnectionUrl& url) {
  const Halves halves = cut_at(text, '@');
  if (!halves.after) return parse_hosts(text, url);
  if (halves.after->find('@') != std::string_view::npos) {
    return refuse("more than one @; write %40 for those inside the user or password");
  }
  BRIDGE_RETURN_IF_ERROR(parse_user(halves.before, url));
  return parse_hosts(*halves.after, url);
}

Status parse_option(std::string_view text, ConnectionUrl& url) {
  const Halves halves = cut_at(text, '=');
  if (!halves.after) return refuse("an option has no value");
  BRIDGE_ASSIGN_OR_RETURN(std::string name, percent_decode(halves.before));
  BRIDGE_ASSIGN_OR_RETURN(std::string value, percent_decode(*halves.after));
  if (name.empty()) return refuse("an option has no name");
  for (const char letter : name) {
    if (!is_word(letter) && letter != '-' && letter != '.') return refuse("an option's name is malformed");
  }
  if (!url.options.emplace(std::move(name), std::move(value)).second)
    return refuse("an option is given twice");
  return {};
}

Status parse_options(std::string_view text, ConnectionUrl& url) {
  std::optional<std::string_view> rest = text;
  while (rest) {
    const Halves halves = cut_at(*rest, '&');
    BRIDGE_RETURN_IF_ERROR(parse_option(halves.before, url));
    rest = halves.after;
  }
  return {};
}

/// `?host=` and `?port=` stand for the host part, the only way to write a socket's directory without escapes.
Status adopt_host_option(ConnectionUrl& url) {
  const auto host = url.options.find(std::string(kHostOption));
  const auto port = url.options.find(std::string(kPortOption));
  if (host == url.options.end() && port == url.options.end()) return {};
  if (host == url.options.end()) return refuse("the option port needs the option host");
  if (!url.endpoints.empty()) return refuse("hosts are named twice: before the path and as an option");
  Endpoint endpoint{host->second, 0};
  BRIDGE_RETURN_IF_ERROR(check_host(endpoint.host, endpoint.host.find(':') != std::string::npos));
  if (port != url.options.end()) {
    BRIDGE_ASSIGN_OR_RETURN(endpoint.port, parse_port(port->second));
    url.options.erase(port);
  }
  url.options.erase(std::string(kHostOption));
  url.endpoints.push_back(std::move(endpoint));
  return {};
}

Status parse_scheme(std::string_view text, ConnectionUrl& url) {
  if (text.empty() || !is_lower(text.front()))
    return refuse("the scheme must begin with a lower-case letter");
  for (const char letter : text) {
    if (!is_lower(letter) && !is_digit(letter) && letter != '+' && letter != '-' && letter != '.') {
      return refuse("the scheme holds a character that is not allowed");
    }
  }
  url.scheme = text;
  return {};
}

Status check_characters(std::string_view text) {
  if (text.size() > kMaxUrlBytes)
    return refuse("it is longer than " + std::to_string(kMaxUrlBytes) + " bytes");
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) < kFirstPrintable || letter == kDelete) {
      return refuse("control characters are not allowed");
    }
  }
  if (text.find('#') != std::string_view::npos) return refuse("# is not allowed; write %23");
  return {};
}

/// Percent-encodes everything that would not be read back as it stands.
void append_encoded(std::string& target, std::string_view text, std::string_view also_plain) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  constexpr unsigned kLowBits = 0x0F;
  constexpr int kHighShift = 4;
  for (const char letter : text) {
    if (is_word(letter) || letter == '-' || letter == '.' ||
        also_plain.find(letter) != std::string_view::npos) {
      target.push_back(letter);
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    target.push_back('%');
    target.push_back(kHexDigits[byte >> kHighShift]);
    target.push_back(kHexDigits[byte & kLowBits]);
  }
}

void append_endpoint(std::string& target, const Endpoint& endpoint) {
  const bool is_address = endpoint.host.front() != '/' && endpoint.host.find(':') != std::string::npos;
  if (is_address) target.push_back('[');
  append_encoded(target, endpoint.host, is_address ? ":" : "");
  if (is_address) target.push_back(']');
  if (endpoint.port != 0) target += ":" + std::to_string(endpoint.port);
}

}  // namespace

Result<ConnectionUrl> ConnectionUrl::parse(std::string_view text) {
  BRIDGE_RETURN_IF_ERROR(check_characters(text));
  const std::size_t mark = text.find(kSchemeMark);
  if (mark == std::string_view::npos) return refuse("it does not begin with a scheme and ://");
  ConnectionUrl url;
  BRIDGE_RETURN_IF_ERROR(parse_scheme(text.substr(0, mark), url));

  const Halves question = cut_at(text.substr(mark + kSchemeMark.size()), '?');
  const Halves slash = cut_at(question.before, '/');
  BRIDGE_RETURN_IF_ERROR(parse_authority(slash.before, url));
  if (slash.after) {
    BRIDGE_ASSIGN_OR_RETURN(url.database, percent_decode(*slash.after));
  }
  if (question.after && !question.after->empty()) BRIDGE_RETURN_IF_ERROR(parse_options(*question.after, url));
  BRIDGE_RETURN_IF_ERROR(adopt_host_option(url));
  return url;
}

std::string ConnectionUrl::redacted() const {
  std::string text = scheme + std::string(kSchemeMark);
  append_encoded(text, user, "");
  if (has_password) text += ":***";
  if (!user.empty() || has_password) text.push_back('@');
  for (std::size_t index = 0; index < endpoints.size(); ++index) {
    if (index > 0) text.push_back(',');
    append_endpoint(text, endpoints[index]);
  }
  if (!database.empty()) {
    text.push_back('/');
    append_encoded(text, database, "/:");
  }
  return text;
}

}  // namespace bridge::driver
