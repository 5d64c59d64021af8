// protocol: MySQL, MySQL Packets and Basic Types
#include "engine/databases/mysql/wire/packet.h"

#include <string>

namespace bridge::mysql::wire {
namespace {

struct PacketHead {
  std::size_t length;
  std::uint8_t sequence;
};

PacketHead read_head(ByteSpan at) {
  constexpr std::uint32_t kLengthMask = 0xFFFFFF;
  constexpr unsigned kSequenceShift = 24;
  const auto head = load_little_endian<std::uint32_t>(at.data());
  return {head & kLengthMask, static_cast<std::uint8_t>(head >> kSequenceShift)};
}

std::uint32_t make_head(std::size_t length, std::uint8_t sequence) {
  constexpr unsigned kSequenceShift = 24;
  return static_cast<std::uint32_t>(length) | static_cast<std::uint32_t>(sequence) << kSequenceShift;
}

}  // namespace

Error out_of_step(std::string_view what) {
  return make_error(ErrorCode::kConnectionLost, "the server broke the protocol: " + std::string(what));
}

Result<std::optional<Packet>> PacketReader::next(ByteSpan received, std::size_t cap) {
  std::size_t total = 0;
  std::size_t position = 0;
  std::uint8_t number = sequence_;
  while (true) {
    if (received.size() - position < kHeaderSize) return std::optional<Packet>();
    const PacketHead head = read_head(received.subspan(position));
    if (head.sequence != number) return out_of_step("a packet out of turn");
    total += head.length;
    if (total > cap) return out_of_step("a message longer than any honest one");
    if (received.size() - position - kHeaderSize < head.length) return std::optional<Packet>();
    ++number;
    position += kHeaderSize + head.length;
    if (head.length < kFullPacket) break;
  }
  sequence_ = number;
  if (position == total + kHeaderSize)
    return std::optional(Packet{received.subspan(kHeaderSize, total), position});
  joined_.clear();
  joined_.reserve(total);
  for (std::size_t part = 0; part < position;) {
    const ByteSpan body = received.subspan(part + kHeaderSize, read_head(received.subspan(part)).length);
    joined_.insert(joined_.end(), body.begin(), body.end());
    part += kHeaderSize + body.size();
  }
  return std::optional(Packet{joined_, position});
}

PacketWriter::PacketWriter(ByteWriter& out, std::uint8_t sequence)
    : out_(out), start_(out.size()), sequence_(sequence) {
  out_.write_little_endian(std::uint32_t{0});  // filled in at the end
}

PacketWriter::PacketWriter(ByteWriter& out, Command command) : PacketWriter(out, std::uint8_t{0}) {
  out_.write_byte(static_cast<std::uint8_t>(command));
}

Result<std::uint8_t> PacketWriter::finish() {
  const std::size_t length = out_.size() - start_ - kHeaderSize;
  if (length > kMaxPacketSent)
    return make_error(ErrorCode::kDataRejected, "a statement with its values is too large");
  if (length < kFullPacket) {
    out_.overwrite_little_endian(start_, make_head(length, sequence_));
    return static_cast<std::uint8_t>(sequence_ + 1);
  }
  const ByteSpan written = out_.view().subspan(start_ + kHeaderSize);
  const std::vector<std::byte> payload(written.begin(), written.end());
  out_.truncate(start_);
  // A payload that fills its last packet is followed by an empty one.
  for (std::size_t position = 0; position <= payload.size(); position += kFullPacket) {
    const std::size_t part = std::min(kFullPacket, payload.size() - position);
    out_.write_little_endian(make_head(part, sequence_++));
    out_.write_bytes(ByteSpan(payload).subspan(position, part));
  }
  return sequence_;
}

std::optional<std::uint64_t> read_length(ByteReader& reader) {
  constexpr unsigned kHighShift = 16;
  const std::uint8_t first = reader.read_byte();
  switch (first) {
    case kLengthNull:
      return std::nullopt;
    case kLengthTwoBytes:
      return reader.read_little_endian<std::uint16_t>();
    case kLengthThreeBytes: {
      const std::uint64_t low = reader.read_little_endian<std::uint16_t>();
      return low | std::uint64_t{reader.read_byte()} << kHighShift;
    }
    case kLengthEightBytes:
      return reader.read_little_endian<std::uint64_t>();
    default:  // smaller counts are themselves; 0xFF begins no count
      if (first > kLengthEightBytes) reader.fail();
      return first;
  }
}

ByteSpan read_counted(ByteReader& reader) {
  const auto length = read_length(reader);
  std::size_t size = 0;
  if (!length || !narrow(*length, size)) {
    reader.fail();
    return {};
  }
  return reader.read_bytes(size);
}

void write_length(ByteWriter& out, std::uint64_t length) {
  constexpr std::uint64_t kMaxTwoBytes = 0xFFFF;
  constexpr std::uint64_t kMaxThreeBytes = 0xFFFFFF;
  constexpr unsigned kHighShift = 16;
  if (length < kLengthNull) {
    out.write_byte(static_cast<std::uint8_t>(length));
  } else if (length <= kMaxTwoBytes) {
    out.write_byte(kLengthTwoBytes);
    out.write_little_endian(static_cast<std::uint16_t>(length));
  } else if (length <= kMaxThreeBytes) {
    out.write_byte(kLengthThreeBytes);
    out.write_little_endian(static_cast<std::uint16_t>(length & kMaxTwoBytes));
    out.write_byte(static_cast<std::uint8_t>(length >> kHighShift));
  } else {
    out.write_byte(kLengthEightBytes);
    out.write_little_endian(length);
  }
}

void write_counted(ByteWriter& out, std::string_view text) {
  write_length(out, text.size());
  out.write_text(text);
}

}  // namespace bridge::mysql::wire
