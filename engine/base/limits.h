// Default bounds of the engine, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace bridge {

/// Deepest nesting of an expression tree: far beyond hand-written queries, far below what exhausts the stack
/// of a recursive walk.
inline constexpr std::size_t kMaxExpressionDepth = 200;
/// Most nodes of one statement: bounds compile time against machine-made bombs.
inline constexpr std::size_t kMaxStatementNodes = 50'000;
/// Deepest JSON document read or written: Python's own parser gives up near 1,000.
inline constexpr std::size_t kMaxJsonDepth = 512;
/// Largest server message accepted: 1 GiB less one is what PostgreSQL can send at all; a quarter of it is
/// already unreasonable.
inline constexpr std::size_t kMaxMessageBytes = std::size_t{256} * 1024 * 1024;
/// Most shareable reads that go out under one Sync (see ARCHITECTURE.md, shared reads).
inline constexpr std::size_t kMaxSharedReads = 64;
/// Compiled statements kept per engine.
inline constexpr std::size_t kCompiledCacheSize = 2'048;
/// Prepared statements kept per connection.
inline constexpr std::size_t kPreparedCacheSize = 256;
/// Rows handed to a sink at most in one batch: keeps a tick short and the working set in cache.
inline constexpr std::size_t kMaxBatchRows = 1'024;
/// One turn of the engine inside somebody's event loop.
inline constexpr std::chrono::milliseconds kTickBudget{5};

}  // namespace bridge
