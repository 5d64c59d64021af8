// Contexts from options and files.
#include "engine/net/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cstdio>
#include <utility>

namespace bridge::net {
namespace {

// More sets of options than one program has databases: beyond this the files must be changing all the time.
constexpr std::size_t kMaxContexts = 16;
// Several TLS records (16 KiB each) per system call when rows stream in.
constexpr std::size_t kReadBufferSize = std::size_t{64} * 1024;

constexpr std::string_view kClientKey = "client key";

Error file_error(std::string_view what, const std::string& path, const std::string& reason) {
  return make_error(ErrorCode::kConfiguration,
                    "cannot use the " + std::string(what) + " file " + path + ": " + reason);
}

// OpenSSL would ask at the terminal otherwise.
int refuse_passphrase(char*, int, int, void*) { return -1; }

Status check_key_permissions(const std::string& path, std::FILE* file) {
  struct stat facts{};
  if (fstat(fileno(file), &facts) != 0) return file_error(kClientKey, path, "its permissions cannot be read");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return file_error(kClientKey, path, "group or others have access to it; only its owner may (chmod 600)");
  }
  return {};
}

Status use_client_key(SSL_CTX* context, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) return file_error(kClientKey, path, "it cannot be opened");
  BRIDGE_RETURN_IF_ERROR(check_key_permissions(path, file.get()));
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_PrivateKey(file.get(), nullptr, refuse_passphrase, nullptr), EVP_PKEY_free);
  if (key == nullptr) {
    ERR_clear_error();
    return file_error(kClientKey, path, "it holds no PEM private key that can be read without a passphrase");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return file_error(kClientKey, path, "it does not belong to the client certificate");
  }
  return {};
}

Status use_client_certificate(SSL_CTX* context, const TlsOptions& options) {
  if (options.client_certificate.empty() && options.client_key.empty()) return {};
  if (options.client_certificate.empty() || options.client_key.empty()) {
    return make_error(ErrorCode::kConfiguration, "a client certificate and its key must be given together");
  }
  if (SSL_CTX_use_certificate_chain_file(context, options.client_certificate.c_str()) != 1) {
    return file_error("client certificate", options.client_certificate, take_tls_reason());
  }
  return use_client_key(context, options.client_key);
}

Status use_trust(SSL_CTX* context, const TlsOptions& options) {
  if (options.mode == TlsMode::kDisable)
    return make_error(ErrorCode::kConfiguration, "TLS is disabled by the options that ask for it");
  if (options.mode == TlsMode::kRequire) {
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    return {};
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (options.root_certificates.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return make_error(ErrorCode::kConfiguration,
                      "the system's certificate store cannot be read: " + take_tls_reason());
  }
  if (SSL_CTX_load_verify_file(context, options.root_certificates.c_str()) == 1) return {};
  return file_error("root certificates", options.root_certificates, take_tls_reason());
}

std::string stamp(const std::string& path) {
  struct stat facts{};
  if (path.empty() || stat(path.c_str(), &facts) != 0) return path;
  return path + '@' + std::to_string(facts.st_mtim.tv_sec) + '.' + std::to_string(facts.st_mtim.tv_nsec) +
         '.' + std::to_string(facts.st_ino);
}

}  // namespace

std::string take_tls_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  std::string text =
      reason != nullptr ? reason : (ERR_SYSTEM_ERROR(code) ? "the file cannot be read" : "unknown reason");
  ERR_clear_error();
  return text;
}

Result<TlsContext> make_tls_context(const TlsOptions& options) {
  ERR_clear_error();
  const TlsContext context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (context == nullptr)
    return make_error(ErrorCode::kTls, "OpenSSL cannot make a context: " + take_tls_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), kReadBufferSize);
  BRIDGE_RETURN_IF_ERROR(use_trust(context.get(), options));
  BRIDGE_RETURN_IF_ERROR(use_client_certificate(context.get(), options));
  return context;
}

Result<TlsContext> TlsContextCache::find_or_make(const TlsOptions& options) {
  const std::string key = std::to_string(static_cast<int>(options.mode)) + '\n' +
                          stamp(options.root_certificates) + '\n' + stamp(options.client_certificate) + '\n' +
                          stamp(options.client_key);
  const auto found = contexts_.find(key);
  if (found != contexts_.end()) return found->second;
  BRIDGE_ASSIGN_OR_RETURN(TlsContext context, make_tls_context(options));
  if (contexts_.size() >= kMaxContexts) contexts_.clear();
  contexts_.emplace(key, context);
  return context;
}

}  // namespace bridge::net
