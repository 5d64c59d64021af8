// The one header a C++ program needs: everything public of the engine.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/deadline.h"
#include "engine/base/error.h"
#include "engine/base/identifier.h"
#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/driver/row_sink.h"
#include "engine/execution/engine.h"
#include "engine/net/event_loop.h"
#include "engine/net/transport.h"
#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"
#include "engine/sql/statement.h"
#include "engine/sql/table.h"
#include "engine/telemetry/sink.h"
