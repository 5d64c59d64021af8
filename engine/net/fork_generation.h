// Tells a forked child from its parent without a system call.
#pragma once

#include <cstdint>

namespace bridge::net {

/// A number that is one higher in every forked child than in its parent. Handles remember it when made. Any
/// thread.
std::uint64_t fork_generation();

}  // namespace bridge::net
