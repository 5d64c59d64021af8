// What a conversation wants next: the only way in which protocol code without I/O moves bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bridge::driver {

/// Answer of one step of a conversation. Bytes to send have been appended to the writer the step was given.
struct NextAction {
  enum class Kind : std::uint8_t {
    kContinue,  ///< send what was written, then read on
    /// send what was written, then wrap the stream; nothing may have been received beyond `consumed`
    kStartTls,
    kDeriveKey,  ///< a slow computation waits to be run on a worker; read nothing meanwhile
    kDone,       ///< the conversation ended well
  };
  Kind kind = Kind::kContinue;
  /// bytes of the input that are dealt with; the rest is handed in again, with what follows
  std::size_t consumed = 0;
};

}  // namespace bridge::driver
