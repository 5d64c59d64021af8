# Warnings that stop the build and the hardening of what is shipped; for our targets only, never for foreign ones.
include_guard(GLOBAL)

# Applies warnings, hardening and coverage to one of our targets.
function(bridge_apply_flags target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
    -fstack-protector-strong)
  if(BRIDGE_WARNINGS_ARE_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 reports std::string concatenation as overlapping copies (GCC bug 105651) and as copies out of bounds.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds)
  endif()
  target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(BRIDGE_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
  if(NOT BRIDGE_SANITIZE AND NOT BRIDGE_FUZZ)
    # Sanitizers and _FORTIFY_SOURCE intercept the same calls; a debug build has no optimiser to prove sizes.
    target_compile_options(${target} PRIVATE
      "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
  endif()
  target_compile_definitions(${target} PRIVATE "$<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>")
endfunction()
