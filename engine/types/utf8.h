// Tells valid UTF-8 from other bytes: the border between stored bytes and text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bridge::types {

/// Whether `bytes` is well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
/// NUL is a character.
bool is_valid_utf8(std::string_view bytes);

/// Code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

/// Appends a code point that is no surrogate.
void append_code_point(std::string& text, char32_t point);

/// Takes the code point at the front of well-formed UTF-8 that is not empty.
char32_t take_code_point(std::string_view& text);

}  // namespace bridge::types
