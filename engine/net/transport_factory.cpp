// The factory over sockets and OpenSSL; it owns every attempt in flight.
#include <set>
#include <utility>

#include "engine/net/connect_operation.h"
#include "engine/net/tls_context.h"
#include "engine/net/tls_operation.h"
#include "engine/net/transport.h"

namespace bridge::net {
namespace {

class SocketTransportFactory final : public TransportFactory {
 public:
  explicit SocketTransportFactory(EventLoop& loop) : loop_(loop) {}

  void connect(telemetry::OperationSpan&, const Address& address, Deadline deadline,
               TransportCompletion on_done) override {
    start<ConnectOperation>(connects_, std::move(on_done), [&](TransportCompletion done) {
      return std::make_shared<ConnectOperation>(loop_, address, deadline, std::move(done));
    })->begin();
  }

  void start_tls(telemetry::OperationSpan&, std::unique_ptr<Transport> stream, const TlsOptions& options,
                 Deadline deadline, TransportCompletion on_done) override {
    start<TlsOperation>(handshakes_, std::move(on_done), [&](TransportCompletion done) {
      return std::make_shared<TlsOperation>(loop_, deadline, std::move(done));
    })->begin(contexts_.find_or_make(options), std::move(stream), options);
  }

 private:
  template <typename Operation>
  using OperationSet = std::set<std::shared_ptr<Operation>>;

  // Keeps the operation until it answers, and a turn longer: it is still on the stack when it does.
  template <typename Operation, typename Make>
  std::shared_ptr<Operation> start(OperationSet<Operation>& operations, TransportCompletion on_done,
                                   Make make) {
    auto self = std::make_shared<std::weak_ptr<Operation>>();
    std::shared_ptr<Operation> operation = make(
        [this, &operations, self, on_done = std::move(on_done)](Result<std::unique_ptr<Transport>> result) {
          std::shared_ptr<Operation> finished = self->lock();
          operations.erase(finished);
          loop_.post([finished = std::move(finished)] {});
          on_done(std::move(result));
        });
    *self = operation;
    operations.insert(operation);
    return operation;
  }

  EventLoop& loop_;
  TlsContextCache contexts_;
  OperationSet<ConnectOperation> connects_;
  OperationSet<TlsOperation> handshakes_;
};

}  // namespace

std::unique_ptr<TransportFactory> make_transport_factory(EventLoop& loop) {
  return std::make_unique<SocketTransportFactory>(loop);
}

}  // namespace bridge::net
