// One spelling for text that Unicode can write in several ways.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bridge::driver {

/// Code points that one becomes at most when it is taken apart.
inline constexpr std::size_t kLongestDecomposition = 18;

/// Puts normalisation form KC of `text` into `normalized`, for characters that Unicode 3.2 had; others stay.
/// Where `normalized` has room for `kLongestDecomposition` times the text it is never reallocated, so that
/// its owner can wipe it.
void normalize_compatibly(std::u32string_view text, std::u32string& normalized);

}  // namespace bridge::driver
