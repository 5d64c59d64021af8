// Numbers of the client/server protocol 4.1, each with its place in the manuals of MySQL and MariaDB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bridge::mysql::wire {

/// Where a server listens unless the URL says otherwise.
inline constexpr std::uint16_t kDefaultPort = 3'306;

// protocol: MySQL, Connection Phase Packets, Protocol::HandshakeV10
inline constexpr std::uint8_t kHandshakeVersion = 10;
inline constexpr std::size_t kScrambleHead = 8;  ///< bytes of the scramble in the greeting's first part
inline constexpr std::size_t kScrambleSize = 20;
inline constexpr std::size_t kResponseReserved = 19;         ///< zeroes of the client's answer
inline constexpr std::uint8_t kCharset = 45;                 ///< utf8mb4_general_ci: every version knows it
inline constexpr std::uint32_t kMaxPacketSent = 0x40000000;  ///< 1 GiB, the most max_allowed_packet can be

// protocol: MySQL, MySQL Packets
inline constexpr std::size_t kHeaderSize = 4;         ///< three bytes of length and a sequence number
inline constexpr std::size_t kFullPacket = 0xFFFFFF;  ///< a payload this long goes on in the next packet

// protocol: MySQL, Capabilities Flags
enum Capability : std::uint32_t {
  kFoundRows = 1U << 1U,     ///< writes count the rows they met, changed or not
  kLongPassword = 1U << 0U,  ///< of MySQL; its absence marks a MariaDB whose extensions may be asked for
  kConnectWithDatabase = 1U << 3U,
  kProtocol41 = 1U << 9U,
  kTls = 1U << 11U,
  kTransactions = 1U << 13U,
  kSecureConnection = 1U << 15U,
  kPluginAuthentication = 1U << 19U,
  kConnectAttributes = 1U << 20U,
  kLengthEncodedProof = 1U << 21U,
  kSessionTrack = 1U << 23U,
  kDeprecateEof = 1U << 24U,
};

// protocol: MariaDB, Connecting, extended capabilities
enum MariadbCapability : std::uint32_t {
  kBulkOperations = 1U << 2U,
  kExtendedMetadata = 1U << 3U,
  kCacheMetadata = 1U << 4U,
};

/// The error of a statement that is only taken as text.
inline constexpr std::string_view kNotPreparable = "1295";
/// The error of an index that is to be made and is there already.
inline constexpr std::string_view kKeyIsThere = "1061";

// protocol: MySQL, Status Flags
enum ServerStatus : std::uint16_t {
  kInTransaction = 1U << 0U,
  kMoreResultsExist = 1U << 3U,
  kCursorExists = 1U << 6U,
  kLastRowSent = 1U << 7U,
};

/// First byte of what the client sends.
enum class Command : std::uint8_t {
  kQuit = 0x01,
  kQuery = 0x03,
  kPing = 0x0E,
  kPrepare = 0x16,
  kExecute = 0x17,
  kCloseStatement = 0x19,
  kFetch = 0x1C,
  kResetConnection = 0x1F,
};

/// First byte of what the server answers, where it is not a row or a count.
enum class Header : std::uint8_t {
  kOk = 0x00,
  kMoreProof = 0x01,
  kLocalInfile = 0xFB,  ///< a request to read a file of the client; refused always
  kEnd = 0xFE,          ///< of rows; in a login, a change of the method
  kError = 0xFF,
};
inline constexpr std::size_t kMaxEndSize = 9;  ///< longer packets beginning like an end are rows

// protocol: MySQL, Protocol::LengthEncodedInteger
inline constexpr std::uint8_t kLengthNull = 0xFB;
inline constexpr std::uint8_t kLengthTwoBytes = 0xFC;
inline constexpr std::uint8_t kLengthThreeBytes = 0xFD;
inline constexpr std::uint8_t kLengthEightBytes = 0xFE;

// protocol: MySQL, enum_field_types
enum class FieldType : std::uint8_t {
  kTiny = 1,
  kShort = 2,
  kLong = 3,
  kFloat = 4,
  kDouble = 5,
  kNull = 6,
  kTimestamp = 7,
  kLongLong = 8,
  kMedium = 9,
  kDate = 10,
  kTime = 11,
  kDateTime = 12,
  kYear = 13,
  kVarchar = 15,
  kBit = 16,
  kJson = 245,
  kNewDecimal = 246,
  kEnum = 247,
  kSet = 248,
  kTinyBlob = 249,
  kMediumBlob = 250,
  kLongBlob = 251,
  kBlob = 252,
  kVarString = 253,
  kString = 254,
  kGeometry = 255,
};
inline constexpr std::uint16_t kUnsignedFlag = 1U << 5U;  ///< of a column: its integer has no sign
inline constexpr std::uint16_t kBinaryCharset = 63;       ///< of a column: bytes, not text
inline constexpr std::uint8_t kUnsignedParameter = 0x80;  ///< beside a parameter's type

inline constexpr std::uint8_t kNoCursor = 0;                ///< flags of Execute: rows come at once
inline constexpr std::uint8_t kReadOnlyCursor = 1;          ///< rows wait for Fetch
inline constexpr std::uint32_t kLastPrepared = 0xFFFFFFFF;  ///< MariaDB: the statement prepared just before

inline constexpr std::size_t kMaxLoginBytes = 65'536;  ///< nothing honest before login comes near it
inline constexpr std::size_t kMaxColumns = 4'096;      ///< of one result, both servers' limit
inline constexpr std::size_t kMaxParameters = 65'535;  ///< of one statement, both servers' limit
inline constexpr std::size_t kMaxReportBytes = 8'192;  ///< kept of a server's message

}  // namespace bridge::mysql::wire
