// The one connection that several callers' short reads share in a pipeline.
#pragma once

#include "engine/pool/pool.h"

namespace bridge::execution {

/// Holds a lease while shared reads are in flight on it. At most one per engine; see ARCHITECTURE.md, shared
/// reads. Loop thread only.
class SharedLane {
 public:
  /// The lane's connection if another read may join now.
  driver::Connection* connection() const;
  /// Opens the lane on an idle connection.
  void open(pool::Lease lease);
  bool is_open() const { return static_cast<bool>(lease_); }
  void enter() { ++riders_; }
  /// The last one out gives the connection back.
  void leave();
  void drop() { lease_ = pool::Lease(); }

 private:
  pool::Lease lease_;
  std::size_t riders_ = 0;
};

}  // namespace bridge::execution
