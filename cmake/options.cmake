# What a build can be told, and the settings every target shares.
include_guard(GLOBAL)

option(BRIDGE_BUILD_TESTS "Build the tests beside the sources" "${PROJECT_IS_TOP_LEVEL}")
option(BRIDGE_TEST_PRECOMPILED_HEADER "Precompile the headers every test includes" ON)
option(BRIDGE_PRECOMPILED_HEADER "Precompile the standard headers nearly every source includes" ON)
option(BRIDGE_FUZZ "Build the *_fuzz.cpp programs with libFuzzer (needs clang)" OFF)
option(BRIDGE_COVERAGE "Measure line coverage" OFF)
set(BRIDGE_DATABASES "all" CACHE STRING "Folders of engine/databases to build; 'all', or empty for the core alone")
set(BRIDGE_SANITIZE "" CACHE STRING "Sanitizers, for example address;undefined or thread")
set(BRIDGE_PYTHON_OUTPUT_DIR "${PROJECT_SOURCE_DIR}/python/bridgeorm" CACHE PATH
    "Where the native Python module is placed by a developer's build")
if(SKBUILD)
  set(BRIDGE_BUILD_TESTS OFF)  # a wheel never carries or waits for tests
  set(bridge_warnings_default OFF)  # nor fails on what a compiler we have not met finds suspicious
else()
  set(bridge_warnings_default "${PROJECT_IS_TOP_LEVEL}")
endif()
option(BRIDGE_WARNINGS_ARE_ERRORS "Stop at warnings" "${bridge_warnings_default}")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # the same archives end in the Python module
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(BRIDGE_CCACHE ccache)
if(BRIDGE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BRIDGE_CCACHE}")
endif()

# On three typical files of the engine g++ 12 took an eighth less time with -O2 than with -O3. What -O3 would gain at
# run time has not been measured.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
