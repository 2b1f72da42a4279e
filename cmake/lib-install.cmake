# What a project needs to use libperfledger, installed: both libraries, headers, the one header, pkg-config, CMake package.
# `cmake --install BUILD --component library` installs this alone.
include(CMakePackageConfigHelpers)
set(lib_package ${CMAKE_INSTALL_LIBDIR}/cmake/perfledger)
set(lib_share ${CMAKE_INSTALL_DATADIR}/perfledger)

install(TARGETS perfledger_static perfledger_shared EXPORT perfledger-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(FILES ${lib_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/perfledger COMPONENT library)
install(FILES ${lib_dist}/perfledger.h DESTINATION ${lib_share} COMPONENT library)

# Both .pc files find their prefix from where they lie: `cmake --install --prefix` may choose it after the build was configured.
file(RELATIVE_PATH lib_up /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" lib_up "${lib_up}")
list(TRANSFORM lib_system PREPEND -l OUTPUT_VARIABLE lib_private_libs)
list(JOIN lib_private_libs " " lib_private_libs)
configure_file(${PROJECT_SOURCE_DIR}/cmake/libperfledger.pc.in ${PROJECT_BINARY_DIR}/libperfledger.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/libperfledger.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)

install(EXPORT perfledger-targets NAMESPACE perfledger:: DESTINATION ${lib_package} COMPONENT library)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/perfledger-config.cmake.in
  ${PROJECT_BINARY_DIR}/perfledger-config.cmake INSTALL_DESTINATION ${lib_package}
  PATH_VARS CMAKE_INSTALL_BINDIR lib_share NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/perfledger-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/perfledger-config.cmake ${PROJECT_BINARY_DIR}/perfledger-config-version.cmake
              ${PROJECT_SOURCE_DIR}/cmake/PerfledgerBenchmark.cmake ${PROJECT_SOURCE_DIR}/cmake/perfledger-gate.sh
        DESTINATION ${lib_package} COMPONENT library)
