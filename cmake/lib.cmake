# libperfledger: lib/ and the few files of src/stats it needs, with hidden symbols. Nothing else of src/ is linked in.
file(GLOB lib_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/*.c)
set(lib_stats distributions fit interval order random)
list(TRANSFORM lib_stats PREPEND ${CMAKE_SOURCE_DIR}/src/stats/)
list(TRANSFORM lib_stats APPEND .c)
if(lib_sources)
  add_library(perfledger_static STATIC ${lib_sources} ${lib_stats})
  set_target_properties(perfledger_static PROPERTIES OUTPUT_NAME perfledger C_VISIBILITY_PRESET hidden
                                                     POSITION_INDEPENDENT_CODE ON)
  target_include_directories(perfledger_static PUBLIC include PRIVATE lib src)
  target_link_libraries(perfledger_static PUBLIC m Threads::Threads PRIVATE pfl_flags)
endif()
