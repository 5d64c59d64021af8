# Every foreign library the engine may link, found once; a layer names the imported targets it uses.
#   libuv::libuv  OpenSSL::SSL  OpenSSL::Crypto  SQLite::SQLite3  Threads::Threads  GTest::gtest_main
include_guard(GLOBAL)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(libuv REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.35 QUIET)  # demanded by the sqlite folder alone, so the core builds without it

if(BRIDGE_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
