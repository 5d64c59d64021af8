# bridge_layer(): a folder of the engine becomes a static library, its tests an executable, its headers a checked set.
include_guard(GLOBAL)

# bridge_layer(<name> [DEPENDS <layers>] [LIBRARIES <imported targets>] [DATABASES])
#
# DATABASES links every database of this build: for the layer that chooses drivers, and for no other.
# Makes, from the sources of the calling folder and the folders below it:
#   bridge_<name>          *.cpp; an interface library while there are only headers
#   bridge_<name>_testing  testing/*: doubles for the tests of this layer and of those that depend on it
#   bridge_<name>_test     *_test.cpp, one ctest entry
#   bridge_<name>_..._fuzz *_fuzz.cpp, a fuzzer each with BRIDGE_FUZZ, else a replay of tests/fuzz_corpus/<fuzzer>
function(bridge_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "DATABASES" "" "DEPENDS;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "bridge_layer(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.h")

  bridge_take_matching(tests sources "_test\\.cpp$")
  bridge_take_matching(fuzzers sources "_fuzz\\.cpp$")
  bridge_take_matching(testing_sources sources "/testing/")
  list(FILTER headers EXCLUDE REGEX "/testing/")
  if(arg_DATABASES)
    get_property(databases GLOBAL PROPERTY BRIDGE_BUILT_DATABASES)
    list(APPEND arg_DEPENDS ${databases})
  endif()
  bridge_layer_targets("${arg_DEPENDS}" layers)
  bridge_layer_targets("${arg_DEPENDS}" testing_layers SUFFIX _testing)

  bridge_add_library(bridge_${name} "${sources}" "${layers};${arg_LIBRARIES}")
  bridge_add_library(bridge_${name}_testing "${testing_sources}" "bridge_${name};${testing_layers}")
  bridge_verify_headers(bridge_${name} "${headers}")
  set_target_properties(bridge_${name} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY BRIDGE_INSTALLED_TARGETS bridge_${name})

  if(BRIDGE_BUILD_TESTS AND tests)
    bridge_add_test(bridge_${name}_test "${tests}" bridge_${name}_testing)
  endif()
  foreach(fuzzer IN LISTS fuzzers)
    bridge_add_fuzzer(${name} "${fuzzer}")
  endforeach()
endfunction()

# Moves the elements of `from` that match `pattern` into `taken`.
macro(bridge_take_matching taken from pattern)
  set(${taken} ${${from}})
  list(FILTER ${taken} INCLUDE REGEX "${pattern}")
  list(FILTER ${from} EXCLUDE REGEX "${pattern}")
endmacro()

# The library targets of layers, which the order of engine/CMakeLists.txt has made already.
function(bridge_layer_targets layers result)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "SUFFIX" "")
  set(targets "")
  foreach(layer IN LISTS layers)
    if(TARGET bridge_${layer}${arg_SUFFIX})
      list(APPEND targets bridge_${layer}${arg_SUFFIX})
    elseif(NOT arg_SUFFIX)
      message(WARNING "${CMAKE_CURRENT_SOURCE_DIR}: there is no layer '${layer}' to its left")
    endif()
  endforeach()
  set(${result} "${targets}" PARENT_SCOPE)
endfunction()

# A static library, or an interface library where there is nothing to compile.
function(bridge_add_library target sources libraries)
  if(sources)
    set(scope PUBLIC)
    add_library(${target} STATIC ${sources})
    bridge_apply_flags(${target})
    bridge_reuse_standard_header(${target})
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  foreach(library IN LISTS libraries)
    if(library MATCHES "::" AND NOT TARGET ${library})
      message(FATAL_ERROR "${target} needs ${library}, which was not found on this machine")
    endif()
  endforeach()
  target_include_directories(${target} ${scope} "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
                             "$<INSTALL_INTERFACE:include/bridgeorm>")
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${libraries})
endfunction()

# Lets the target all_verify_interface_header_sets refuse a header that does not compile alone. The set belongs to a
# target of its own, since the sets of a library are installed with it, and most headers are not public.
function(bridge_verify_headers target headers)
  add_library(${target}_headers INTERFACE)
  target_link_libraries(${target}_headers INTERFACE ${target})
  target_sources(${target}_headers INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${headers})
  set_target_properties(${target}_headers PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# A GoogleTest executable and its one ctest entry: starting a process per test case costs more than the cases.
function(bridge_add_test target sources library)
  add_executable(${target} ${sources})
  bridge_apply_flags(${target})
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-O1>")  # tests wait for the compiler, not for the code
  target_link_libraries(${target} PRIVATE ${library} GTest::gtest GTest::gtest_main)
  bridge_reuse_test_header(${target})
  add_test(NAME ${target} COMMAND ${target} --gtest_brief=1)
  # Where the compiler ran: there `__FILE__` names a file also when ccache made it relative.
  set_tests_properties(${target} PROPERTIES TIMEOUT 300 WORKING_DIRECTORY "${CMAKE_BINARY_DIR}")
endfunction()

# Gives a library the precompiled headers of the standard library that nearly every file includes: reading them again
# takes a third of what compiling a file takes. Builds that prove something (sanitizers, the core alone) go without it,
# so that a file which forgets an include is found.
function(bridge_reuse_standard_header target)
  if(NOT BRIDGE_PRECOMPILED_HEADER OR BRIDGE_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  if(NOT TARGET bridge_standard_header)
    file(WRITE "${PROJECT_BINARY_DIR}/bridge_standard_header.cpp" "")
    add_library(bridge_standard_header STATIC EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/bridge_standard_header.cpp")
    bridge_apply_flags(bridge_standard_header)
    target_compile_features(bridge_standard_header PRIVATE cxx_std_20)
    target_compile_options(bridge_standard_header PRIVATE -fpch-preprocess)
    target_precompile_headers(bridge_standard_header PRIVATE <algorithm> <array> <atomic> <chrono> <cstdint> <deque>
                              <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view>
                              <unordered_map> <utility> <variant> <vector>)
  endif()
  target_compile_options(${target} PRIVATE -fpch-preprocess)  # lets ccache see through the header
  target_precompile_headers(${target} REUSE_FROM bridge_standard_header)
endfunction()

# Gives a test target the shared precompiled gtest header.
function(bridge_reuse_test_header target)
  if(NOT BRIDGE_TEST_PRECOMPILED_HEADER OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  if(NOT TARGET bridge_test_header)
    file(WRITE "${PROJECT_BINARY_DIR}/bridge_test_header.cpp" "int main() { return 0; }\n")
    add_executable(bridge_test_header EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/bridge_test_header.cpp")
    bridge_apply_flags(bridge_test_header)
    target_compile_options(bridge_test_header PRIVATE "$<$<CONFIG:Release>:-O1>" -fpch-preprocess)
    target_link_libraries(bridge_test_header PRIVATE GTest::gtest Threads::Threads)
    target_precompile_headers(bridge_test_header PRIVATE <gtest/gtest.h>)
  endif()
  target_compile_options(${target} PRIVATE -fpch-preprocess)  # lets ccache see through the header
  target_precompile_headers(${target} REUSE_FROM bridge_test_header)
endfunction()

# A fuzzer, or without libFuzzer a test that feeds it the kept corpus.
function(bridge_add_fuzzer name source)
  get_filename_component(stem "${source}" NAME_WE)
  set(target bridge_${name}_${stem})
  set(corpus "${PROJECT_SOURCE_DIR}/tests/fuzz_corpus/${name}_${stem}")
  if(BRIDGE_FUZZ)
    add_executable(${target} "${source}")
    target_link_options(${target} PRIVATE -fsanitize=fuzzer,${BRIDGE_FUZZ_SANITIZERS})
    if(NOT TARGET bridge_fuzzers)
      add_custom_target(bridge_fuzzers)  # all of them, and of the libraries only what they need
    endif()
    add_dependencies(bridge_fuzzers ${target})
  elseif(BRIDGE_BUILD_TESTS)
    add_executable(${target} "${source}" "${PROJECT_SOURCE_DIR}/cmake/fuzz_replay.cpp")
    add_test(NAME ${target} COMMAND ${target} "${corpus}")
  else()
    return()
  endif()
  bridge_apply_flags(${target})
  target_link_libraries(${target} PRIVATE bridge_${name})
endfunction()
