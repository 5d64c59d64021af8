# Sanitizers and libFuzzer for the whole build, since mixing instrumented and plain C++ gives false reports.
include_guard(GLOBAL)

set(BRIDGE_FUZZ_SANITIZERS address,undefined)

if(BRIDGE_SANITIZE)
  list(JOIN BRIDGE_SANITIZE "," bridge_sanitizers)
  add_compile_options(-fsanitize=${bridge_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${bridge_sanitizers})
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

if(BRIDGE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "BRIDGE_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,${BRIDGE_FUZZ_SANITIZERS} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BRIDGE_FUZZ_SANITIZERS})
endif()
