// Borders of packets, and the two forms in which they hold counts and strings.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/mysql/wire/constants.h"

namespace bridge::mysql::wire {

/// One whole message. Its payload borrows from the received bytes, or from the reader where it came in
/// several packets.
struct Packet {
  ByteSpan payload;
  std::size_t size = 0;  ///< with headers, as it lies in what was received
};

/// Finds packets in a stream and follows their sequence numbers. Owned by one conversation.
class PacketReader {
 public:
  /// A command is answered from number 1 on; a login begins with number 0.
  void expect_sequence(std::uint8_t number) { sequence_ = number; }
  std::uint8_t sequence() const { return sequence_; }

  /// The message at the start of `received`, or nothing while it is incomplete. kConnectionLost for a number
  /// out of turn, and for a message above the cap as soon as a header says so.
  Result<std::optional<Packet>> next(ByteSpan received, std::size_t cap);

 private:
  std::uint8_t sequence_ = 0;
  std::vector<std::byte> joined_;
};

/// Frames what is written between construction and `finish`, however long it gets.
class PacketWriter {
 public:
  PacketWriter(ByteWriter& out, std::uint8_t sequence);
  /// A command, which restarts the count.
  PacketWriter(ByteWriter& out, Command command);

  /// Fills in the length; splits a payload that needs several packets. Answers the number after the last.
  /// kDataRejected where the server could not take it; nothing may be sent then.
  Result<std::uint8_t> finish();

 private:
  ByteWriter& out_;
  std::size_t start_;
  std::uint8_t sequence_;
};

/// A count in one to nine bytes; nothing for the mark of NULL, of which only rows know. A truncated one turns
/// the reader failed.
std::optional<std::uint64_t> read_length(ByteReader& reader);
/// Bytes behind their count; empty, with the reader failed, where there is none.
ByteSpan read_counted(ByteReader& reader);
void write_length(ByteWriter& out, std::uint64_t length);
void write_counted(ByteWriter& out, std::string_view text);

/// The error for a server that breaks the protocol; the connection must not be used any more.
Error out_of_step(std::string_view what);

}  // namespace bridge::mysql::wire
