// Numbers of the frontend/backend protocol 3.0, each with its place in the PostgreSQL manual.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bridge::postgres::wire {

// protocol: 55.7 Message Formats, StartupMessage, SSLRequest, CancelRequest
inline constexpr std::int32_t kProtocolVersion = 196'608;  ///< 3.0
inline constexpr std::int32_t kTlsRequestCode = 80'877'103;
inline constexpr std::int32_t kCancelRequestCode = 80'877'102;
inline constexpr char kTlsAccepted = 'S';
inline constexpr char kTlsRefused = 'N';

/// First byte of a message the client sends.
enum class Frontend : char {
  kBind = 'B',
  kClose = 'C',
  kCopyChunk = 'd',
  kCopyDone = 'c',
  kCopyFail = 'f',
  kDescribe = 'D',
  kExecute = 'E',
  kFlush = 'H',
  kParse = 'P',
  kPassword = 'p',
  kQuery = 'Q',
  kSync = 'S',
  kTerminate = 'X',
};

/// First byte of a message the server sends.
enum class Backend : char {
  kAuthentication = 'R',
  kBackendKey = 'K',
  kBindComplete = '2',
  kCloseComplete = '3',
  kCommandComplete = 'C',
  kCopyInResponse = 'G',
  kDataRow = 'D',
  kEmptyQuery = 'I',
  kError = 'E',
  kNegotiateVersion = 'v',
  kNoRows = 'n',
  kNotice = 'N',
  kNotification = 'A',
  kParameterDescription = 't',
  kParameterStatus = 'S',
  kParseComplete = '1',
  kPortalSuspended = 's',
  kReady = 'Z',
  kRowDescription = 'T',
};

// protocol: 55.7, AuthenticationOk and its siblings
enum class Authentication : std::int32_t {
  kOk = 0,
  kCleartext = 3,
  kMd5 = 5,
  kSasl = 10,
  kSaslContinue = 11,
  kSaslFinal = 12,
};

/// What ReadyForQuery says of the transaction.
enum class TransactionStatus : char { kIdle = 'I', kOpen = 'T', kFailed = 'E' };

// protocol: 55.8 Error and Notice Message Fields
enum class ErrorField : char {
  kSeverityLocalized = 'S',
  kSeverity = 'V',
  kCode = 'C',
  kMessage = 'M',
  kDetail = 'D',
  kTable = 't',
  kColumn = 'c',
  kConstraint = 'n',
  kRoutine = 'R',
};

inline constexpr std::int16_t kTextFormat = 0;    ///< format code of a parameter or column as text
inline constexpr std::int16_t kBinaryFormat = 1;  ///< format code of a value in its type's send form
inline constexpr char kStatementTarget = 'S';     ///< of Describe and Close
inline constexpr char kPortalTarget = 'P';        ///< of Close
inline constexpr std::int32_t kNullLength = -1;   ///< the length that stands for NULL

inline constexpr std::size_t kHeaderSize = 5;            ///< type byte and length
inline constexpr std::size_t kLengthSize = 4;            ///< the length counts itself
inline constexpr std::size_t kMaxLoginBytes = 65'536;    ///< nothing honest before login comes near it
inline constexpr std::size_t kMaxErrorBytes = 65'536;    ///< longer reports are cut by honest servers
inline constexpr std::size_t kMaxFieldBytes = 8'192;     ///< kept of one field of a report
inline constexpr std::size_t kMaxColumns = 1'664;        ///< MaxTupleAttributeNumber of the server
inline constexpr std::size_t kMaxParameters = 65'535;    ///< the count is an unsigned 16-bit number
inline constexpr std::size_t kMaxStartupBytes = 10'000;  ///< MAX_STARTUP_PACKET_LENGTH of the server
/// MaxAllocSize of the server, which ends sessions that send more.
inline constexpr std::size_t kMaxMessageSent = 0x3FFFFFFF;
inline constexpr std::size_t kMaxNotices = 16;          ///< kept per connection; what is beyond is counted
inline constexpr std::size_t kCopyChunkBytes = 65'536;  ///< one CopyData message: few headers, little memory

}  // namespace bridge::postgres::wire
