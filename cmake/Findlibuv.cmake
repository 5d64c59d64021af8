# Finds libuv as libuv::libuv: the static archive where it can go into a shared object, else the shared library.
#
# Static is preferred because a wheel then carries nothing beside the module and cannot collide with another copy in
# the same process. Some distributions (Debian 12) build the archive for executables only; then libuv_IS_STATIC is
# false and the wheel takes the shared library along. Also used by the installed package.
find_path(libuv_INCLUDE_DIR uv.h)
find_library(libuv_SHARED_LIBRARY NAMES uv libuv)
find_library(libuv_STATIC_LIBRARY NAMES libuv_a.a uv_a libuv.a)
find_package(Threads REQUIRED)
mark_as_advanced(libuv_INCLUDE_DIR libuv_SHARED_LIBRARY libuv_STATIC_LIBRARY)

set(libuv_SYSTEM_LIBRARIES Threads::Threads ${CMAKE_DL_LIBS})
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND libuv_SYSTEM_LIBRARIES rt)
endif()

if(libuv_STATIC_LIBRARY AND NOT DEFINED libuv_STATIC_IS_POSITION_INDEPENDENT)
  file(WRITE "${CMAKE_BINARY_DIR}/libuv_probe/probe.c" "int bridge_probe(void) { return 0; }\n")
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  try_compile(libuv_STATIC_IS_POSITION_INDEPENDENT
    SOURCES "${CMAKE_BINARY_DIR}/libuv_probe/probe.c"
    LINK_OPTIONS -shared
    LINK_LIBRARIES -Wl,--whole-archive "${libuv_STATIC_LIBRARY}" -Wl,--no-whole-archive
                   ${CMAKE_DL_LIBS} pthread rt)
endif()

set(libuv_IS_STATIC FALSE)
set(libuv_LIBRARY "${libuv_SHARED_LIBRARY}")
if(libuv_STATIC_LIBRARY AND libuv_STATIC_IS_POSITION_INDEPENDENT)
  set(libuv_IS_STATIC TRUE)
  set(libuv_LIBRARY "${libuv_STATIC_LIBRARY}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libuv REQUIRED_VARS libuv_LIBRARY libuv_INCLUDE_DIR)

if(libuv_FOUND AND NOT TARGET libuv::libuv)
  add_library(libuv::libuv UNKNOWN IMPORTED)
  set_target_properties(libuv::libuv PROPERTIES
    IMPORTED_LOCATION "${libuv_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${libuv_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${libuv_SYSTEM_LIBRARIES}")
endif()
