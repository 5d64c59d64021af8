# Installs the engine as the package `bridgeorm`, whose one target is bridgeorm::engine.
include_guard(GLOBAL)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(bridge_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bridgeorm")
get_property(bridge_installed_targets GLOBAL PROPERTY BRIDGE_INSTALLED_TARGETS)
get_property(BRIDGE_BUILT_DATABASES GLOBAL PROPERTY BRIDGE_BUILT_DATABASES)

foreach(target IN LISTS bridge_installed_targets)
  get_target_property(header_sets ${target} INTERFACE_HEADER_SETS)
  set(headers "")
  if(header_sets)
    set(headers FILE_SET HEADERS DESTINATION include/bridgeorm)
  endif()
  install(TARGETS ${target} EXPORT bridgeorm ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/bridgeorm" ${headers})
endforeach()

install(EXPORT bridgeorm NAMESPACE bridgeorm:: DESTINATION "${bridge_package_dir}")
configure_package_config_file(cmake/bridgeormConfig.cmake.in "${PROJECT_BINARY_DIR}/bridgeormConfig.cmake"
                              INSTALL_DESTINATION "${bridge_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/bridgeormConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/bridgeormConfig.cmake" "${PROJECT_BINARY_DIR}/bridgeormConfigVersion.cmake"
              cmake/Findlibuv.cmake
        DESTINATION "${bridge_package_dir}")
