# Installs the engine as the package `bridgeorm`, whose one target is bridgeorm::engine.
include_guard(GLOBAL)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(bridge_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bridgeorm")
get_property(bridge_installed_targets GLOBAL PROPERTY BRIDGE_INSTALLED_TARGETS)
get_property(BRIDGE_BUILT_DATABASES GLOBAL PROPERTY BRIDGE_BUILT_DATABASES)

install(TARGETS ${bridge_installed_targets} EXPORT bridgeorm
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/bridgeorm")

# The public headers are engine/engine.h and all that it includes, through others too.
function(bridge_install_public_headers entrance)
  set(waiting "${entrance}")
  set(seen "")
  while(waiting)
    list(POP_FRONT waiting header)
    list(APPEND seen "${header}")
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${header}")
      continue()  # the compiler says so better, with the place that includes it
    endif()
    cmake_path(GET header PARENT_PATH folder)
    install(FILES "${PROJECT_SOURCE_DIR}/${header}" DESTINATION "include/bridgeorm/${folder}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${header}")
    file(STRINGS "${PROJECT_SOURCE_DIR}/${header}" includes REGEX "^#include \"engine/")
    list(TRANSFORM includes REPLACE "^#include \"([^\"]+)\".*" "\\1")
    list(APPEND waiting ${includes})
    list(REMOVE_DUPLICATES waiting)
    list(REMOVE_ITEM waiting ${seen})
  endwhile()
endfunction()
bridge_install_public_headers(engine/engine.h)

install(EXPORT bridgeorm NAMESPACE bridgeorm:: DESTINATION "${bridge_package_dir}")
configure_package_config_file(cmake/bridgeormConfig.cmake.in "${PROJECT_BINARY_DIR}/bridgeormConfig.cmake"
                              INSTALL_DESTINATION "${bridge_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/bridgeormConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/bridgeormConfig.cmake" "${PROJECT_BINARY_DIR}/bridgeormConfigVersion.cmake"
              cmake/Findlibuv.cmake
        DESTINATION "${bridge_package_dir}")
