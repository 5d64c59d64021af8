// How a cluster is asked for its nodes.
#pragma once

#include <memory>
#include <vector>

#include "engine/databases/yugabytedb/cluster.h"
#include "engine/driver/row_sink.h"
#include "engine/sql/compiled_statement.h"

namespace bridge::yugabytedb {

/// What any node answers with all nodes.
std::shared_ptr<const sql::CompiledStatement> servers_question();

/// Makes nodes of the answer. kDecode for one that introduces itself otherwise than documented.
class ServersAnswer final : public driver::RowSink {
 public:
  Status on_columns(std::span<const driver::ResultColumn>) override { return {}; }
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override { nodes_.clear(); }

  std::vector<Node> take_nodes() { return std::move(nodes_); }

 private:
  std::vector<Node> nodes_;
};

}  // namespace bridge::yugabytedb
