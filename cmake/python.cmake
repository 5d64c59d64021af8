# Decides whether the Python module is built, and how a module of ours is linked and placed.
include_guard(GLOBAL)

# Finds nanobind through the interpreter, where it is an ordinary package.
function(bridge_find_nanobind)
  if(NOT Python_Interpreter_FOUND OR NOT Python_Development.Module_FOUND)
    return()
  endif()
  execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
                  OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(nanobind_ROOT "${folder}" CACHE PATH "Where nanobind's CMake files are" FORCE)
  endif()
endfunction()

if(NOT DEFINED BRIDGE_BUILD_PYTHON OR BRIDGE_BUILD_PYTHON)
  find_package(Python 3.11 QUIET COMPONENTS Interpreter Development.Module)
  bridge_find_nanobind()
  find_package(nanobind CONFIG QUIET)
  if((SKBUILD OR BRIDGE_BUILD_PYTHON) AND NOT nanobind_FOUND)
    message(FATAL_ERROR "The Python module needs Python 3.11 or newer with its headers and nanobind")
  endif()
endif()
if(nanobind_FOUND AND Python_Development.Module_FOUND AND NOT BRIDGE_FUZZ)
  set(bridge_python_default ON)
else()
  set(bridge_python_default OFF)
endif()
option(BRIDGE_BUILD_PYTHON "Build the native Python module" ${bridge_python_default})
message(STATUS "Python module: ${BRIDGE_BUILD_PYTHON}")

# Our flags for a module made by nanobind_add_module, and its place: the package folder, or the wheel.
function(bridge_place_python_module target)
  bridge_apply_flags(${target})
  # Warnings are for our code: headers of Python and nanobind count as the system's.
  target_include_directories(${target} SYSTEM PRIVATE ${Python_INCLUDE_DIRS} "${NB_DIR}/include")
  target_link_options(${target} PRIVATE -Wl,--exclude-libs,ALL)  # libuv's names stay ours alone
  if(SKBUILD)
    install(TARGETS ${target} LIBRARY DESTINATION bridgeorm COMPONENT python)
    if(NOT libuv_IS_STATIC)
      # The file the module asks the loader for is named by libuv's soname, which the real file's name extends.
      file(REAL_PATH "${libuv_SHARED_LIBRARY}" libuv_file)
      string(REGEX REPLACE "(\\.so\\.[0-9]+).*" "\\1" libuv_soname "${libuv_file}")
      cmake_path(GET libuv_soname FILENAME libuv_soname)
      install(FILES "${libuv_file}" DESTINATION bridgeorm RENAME "${libuv_soname}" COMPONENT python)
      set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
    endif()
  else()
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${BRIDGE_PYTHON_OUTPUT_DIR}")
  endif()
endfunction()
