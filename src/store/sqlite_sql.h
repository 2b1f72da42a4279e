/* Every statement that is kept prepared, by name. The schema is in sqlite_schema.c. */
#ifndef PFL_STORE_SQLITE_SQL_H
#define PFL_STORE_SQLITE_SQL_H

/* clang-format off */
#define PFL_SQLITE_WHICH_RUNS                                                                                     \
    "WHERE (?1 IS NULL OR machine_id = ?1) "                                                                      \
    "AND (?2 IS NULL OR substr(commit_id, 1, length(?2)) = ?2) "                                                  \
    "AND (NOT ?3 OR (kind = 'configured' AND complete AND NOT partial)) "                                         \
    "AND (NOT ?4 OR kind = 'configured') AND (?5 OR v.run IS NULL) AND (NOT ?7 OR kind <> 'race') "               \
    "ORDER BY started_unix_ns DESC, number DESC LIMIT ?6"

#define PFL_SQLITE_STATEMENTS(X)                                                                                  \
    X(FIND_RUN, "SELECT number, id FROM run WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY id LIMIT 6")     \
    X(ADD_RUN, "INSERT INTO run (id, label, kind, commit_id, branch, tag, commit_time, dirty, partial, complete, " \
               "machine_id, fingerprint, started_unix_ns, benchmark_count, failed_count, skipped_count) "         \
               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING")             \
    X(ADD_RECORD, "INSERT INTO record (run, body) VALUES (?, ?)")                                                 \
    X(ADD_SAMPLES, "INSERT INTO samples (run, first, body) VALUES (?, ?, ?)")                                     \
    X(FIND_DEFINITION, "SELECT number FROM definition WHERE hash = ?")                                            \
    X(ADD_DEFINITION, "INSERT INTO definition (hash) VALUES (?)")                                                 \
    X(FIND_SERIES, "SELECT number, unit, better FROM series "                                                     \
                   "WHERE benchmark = ? AND metric = ? AND variant = ? AND machine_id = ?")                       \
    X(ADD_SERIES, "INSERT INTO series (benchmark, metric, variant, machine_id, unit, better) "                    \
                  "VALUES (?, ?, ?, ?, ?, ?)")                                                                    \
    X(RENEW_SERIES, "UPDATE series SET unit = ?, better = ? WHERE number = ?")                                    \
    X(ADD_SUMMARY, "INSERT INTO summary (series, run, definition, n, median, ci_low, ci_high, mean, stddev, "     \
                   "min, max, q1, q3) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "                            \
                   "ON CONFLICT (series, run) DO NOTHING")                                                        \
    X(BEGIN_READ, "BEGIN")                                                                                        \
    X(END_READ, "COMMIT")                                                                                         \
    X(HAS_WHOLE_RUN, "SELECT 1 FROM run WHERE id = ? AND number NOT IN (SELECT run FROM thinned)")                \
    X(FIND_THINNED, "SELECT number FROM thinned JOIN run ON number = run WHERE id = ?")                           \
    X(MARK_THINNED, "INSERT INTO thinned (run, unix_ns) VALUES (?, ?)")                                           \
    X(UNMARK_THINNED, "DELETE FROM thinned WHERE run = ?")                                                        \
    X(GET_SIZE, "SELECT length(body) + (SELECT total(length(body)) FROM samples WHERE run = ?1) "                 \
                "FROM record WHERE run = ?1")                                                                     \
    X(DROP_RECORD, "DELETE FROM record WHERE run = ?")                                                            \
    X(DROP_SAMPLES, "DELETE FROM samples WHERE run = ?")                                                          \
    X(HAS_SOURCE, "SELECT 1 FROM source WHERE key = ? AND NOT EXISTS (SELECT 1 FROM void WHERE "                   \
                  "void.run = source.run AND why GLOB '" PFL_STORE_REPLACED "*')")                                  \
    X(ADD_SOURCE, "INSERT INTO source (key, run) SELECT ?1, number FROM run WHERE id = ?2 "                       \
                  "ON CONFLICT (key) DO NOTHING")                                                                 \
    X(GET_SOURCE, "SELECT number, id FROM source JOIN run ON number = run WHERE key = ?")                         \
    X(MOVE_SOURCE, "INSERT INTO source (key, run) SELECT ?1, number FROM run WHERE id = ?2 "                      \
                   "ON CONFLICT (key) DO UPDATE SET run = excluded.run")                                          \
    X(FIND_FORM, "SELECT number, body FROM form WHERE hash = ?")                                                  \
    X(ADD_FORM, "INSERT INTO form (hash, body) VALUES (?, ?)")                                                    \
    X(GET_FORM, "SELECT body FROM form WHERE number = ?")                                                         \
    X(GET_DEFINITION, "SELECT hash FROM definition WHERE number = ?")                                             \
    X(LAST_PACKET, "SELECT number, n FROM packed WHERE series = ? ORDER BY last DESC LIMIT 1")                    \
    X(GET_PACKET, "SELECT first, definition, n, runs, medians, body FROM packed WHERE number = ?")                \
    X(GET_PACKETS, "SELECT first, definition, n, runs, medians, body FROM packed WHERE series = ? ORDER BY last") \
    X(FIND_PACKET, "SELECT first, definition, n, runs, medians, body FROM packed "                                \
                   "WHERE series = ?1 AND last >= ?2 AND first <= ?2")                                            \
    X(PUT_PACKET, "INSERT INTO packed (series, first, last, n, definition, runs, medians, body) "                 \
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")                                                              \
    X(DROP_PACKET, "DELETE FROM packed WHERE number = ?")                                                         \
    X(GET_RECORD, "SELECT body FROM record WHERE run = ?")                                                        \
    X(GET_SAMPLES, "SELECT first, body FROM samples WHERE run = ? ORDER BY first")                                \
    X(LIST_RUNS, "SELECT id, label, commit_id, branch, tag, machine_id, fingerprint, v.why, kind, dirty, partial, " \
                 "complete, started_unix_ns, commit_time, benchmark_count, failed_count, skipped_count, "         \
                 "t.unix_ns FROM run LEFT JOIN void v ON v.run = run.number "                                     \
                 "LEFT JOIN thinned t ON t.run = run.number " PFL_SQLITE_WHICH_RUNS)                              \
    X(LIST_OLD_RUNS, "SELECT id, label, commit_id, branch, tag, machine_id, fingerprint, v.why, kind, dirty, "    \
                     "partial, complete, started_unix_ns, commit_time, benchmark_count, failed_count, "           \
                     "skipped_count, NULL FROM run LEFT JOIN void v ON v.run = run.number "                       \
                     PFL_SQLITE_WHICH_RUNS)                                                                       \
    X(ALL_RUNS, "SELECT number, id, commit_id, fingerprint, started_unix_ns, v.run IS NOT NULL "                  \
                "FROM run LEFT JOIN void v ON v.run = run.number ORDER BY number")                                \
    X(ALL_DEFINITIONS, "SELECT number, hash FROM definition ORDER BY number")                                     \
    X(ALL_SERIES, "SELECT number, benchmark, metric, variant, machine_id, unit, better, "                         \
                  "(SELECT count(*) FROM summary WHERE series = s.number) - "                                     \
                  "(SELECT count(*) FROM void JOIN summary h ON h.series = s.number AND h.run = void.run) "       \
                  "FROM series s WHERE ?1 IS NULL OR machine_id = ?1 "                                            \
                  "ORDER BY benchmark, metric, variant, machine_id")                                              \
    X(PACKED_COUNTS, "SELECT series, sum(n) FROM packed GROUP BY series")                                         \
    X(ALL_VOID, "SELECT run FROM void ORDER BY run")                                                              \
    X(VOID_PACKETS, "SELECT first, definition, n, runs, NULL, NULL, series FROM packed p "                        \
                    "WHERE EXISTS (SELECT 1 FROM void WHERE run BETWEEN p.first AND p.last)")                     \
    X(ALL_ALIASES, "SELECT what, benchmark, old_name, new_name, unix_ns, note FROM alias ORDER BY number")        \
    X(ADD_ALIAS, "INSERT INTO alias (what, benchmark, old_name, new_name, unix_ns, note) "                        \
                 "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (what, benchmark, old_name) "                             \
                 "DO UPDATE SET unix_ns = excluded.unix_ns, note = excluded.note")                                \
    X(REMOVE_ALIAS, "DELETE FROM alias WHERE what = ? AND benchmark = ? AND old_name = ?")                        \
    X(DATA_VERSION, "PRAGMA data_version")                                                                        \
    X(GET_POINTS, "SELECT run, definition, n, median, ci_low, ci_high, mean, stddev, min, max, q1, q3 "           \
                  "FROM summary WHERE series = ? ORDER BY run")                                                   \
    X(GET_POINT, "SELECT run, definition, n, median, ci_low, ci_high, mean, stddev, min, max, q1, q3 "            \
                 "FROM summary WHERE series = ? AND run = ?")                                                     \
    X(OLD_POINTS, "SELECT run, definition, n, median, ci_low, ci_high, mean, stddev, min, max, q1, q3 "           \
                  "FROM summary WHERE series = ? AND run <= ? ORDER BY run LIMIT ?")                                      \
    X(DROP_OLD_POINTS, "DELETE FROM summary WHERE series = ? AND run <= ?")                                       \
    X(NEXT_HOT_SERIES, "SELECT min(series) FROM summary WHERE series >= ?")                                       \
    X(GET_SWEEP, "SELECT upto, series, (SELECT max(number) FROM run) FROM sweep")                                 \
    X(SET_SWEEP, "UPDATE sweep SET upto = ?, series = ?")                                                         \
    X(ADD_YARDSTICK, "INSERT INTO yardstick (machine_id, fingerprint, name, seconds, run) "                       \
                     "VALUES (?, ?, ?, ?, ?) "                                                                    \
                     "ON CONFLICT (machine_id, fingerprint, name) DO NOTHING")                                    \
    X(GET_YARDSTICKS, "SELECT name, seconds FROM yardstick WHERE machine_id = ? AND fingerprint = ?")             \
    X(YARDSTICK_RUNS, "SELECT DISTINCT id FROM yardstick JOIN run ON run.number = yardstick.run ORDER BY id")     \
    X(DROP_YARDSTICKS, "DELETE FROM yardstick WHERE machine_id = ? AND fingerprint = ?")                          \
    X(SET_VOID, "INSERT INTO void (run, why, unix_ns) VALUES (?, ?, ?) "                                          \
                "ON CONFLICT (run) DO UPDATE SET why = excluded.why, unix_ns = excluded.unix_ns")                 \
    X(UNSET_VOID, "DELETE FROM void WHERE run = ?")                                                               \
    X(ADD_NOTE, "INSERT INTO note (run, text, unix_ns) VALUES (?, ?, ?)")                                         \
    X(GET_REMARKS, "SELECT why AS said, unix_ns AS at, 1, 0 AS place FROM void WHERE run = ?1 "                   \
                   "UNION ALL SELECT text, unix_ns, 0, number FROM note WHERE run = ?1 ORDER BY at, place")

/* The view `points` of schema 4: hot rows, and of packed points what lies open, run and median. SQL reads a byte by
 * its place in the 256 bytes in order (instr), a median by sign, exponent and the 52 bits below; `power` has what an
 * exponent stands for (0: as 1, without the leading one), and serves to count from 0. SQLite's << and | bind alike,
 * from left to right. */
#define PFL_SQLITE_BYTE(bytes, at) "(instr(octets, substr(" bytes ", " at ", 1)) - 1)"
#define PFL_SQLITE_POINTS_4                                                                                       \
    "CREATE TABLE octet (octets BLOB NOT NULL);"                                                                  \
    "INSERT INTO octet VALUES (x'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"                \
    "202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F"            \
    "505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F"            \
    "808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAF"            \
    "B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"            \
    "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF');"                                         \
    "CREATE TABLE power (exponent INTEGER PRIMARY KEY, value REAL NOT NULL);"                                     \
    "INSERT INTO power WITH RECURSIVE up (e, v) AS (SELECT 1023, 1.0 UNION ALL SELECT e + 1, v * 2 FROM up "      \
    "WHERE e < 2046) SELECT e, v FROM up;"                                                                        \
    "INSERT INTO power WITH RECURSIVE down (e, v) AS (SELECT 1022, 0.5 UNION ALL SELECT e - 1, v / 2 FROM down "  \
    "WHERE e > 1) SELECT e, v FROM down;"                                                                         \
    "INSERT INTO power SELECT 0, value FROM power WHERE exponent = 1;"                                            \
    "CREATE VIEW packed_point AS SELECT series, definition, first + "                                             \
    PFL_SQLITE_BYTE("runs", "2 * i.exponent + 1") " * 256 + " PFL_SQLITE_BYTE("runs", "2 * i.exponent + 2")       \
    " AS run, " PFL_SQLITE_BYTE("medians", "8 * i.exponent + 1") " AS b0, "                                       \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 2") " AS b1, "                                                   \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 3") " << 8 | "                                                  \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 4") " << 8 | "                                                  \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 5") " << 8 | "                                                  \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 6") " << 8 | "                                                  \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 7") " << 8 | "                                                   \
    PFL_SQLITE_BYTE("medians", "8 * i.exponent + 8") " AS low "                                                   \
    "FROM packed JOIN power i ON i.exponent < n JOIN octet;"                                                      \
    "DROP VIEW points;"                                                                                           \
    "CREATE VIEW points AS SELECT benchmark, metric, variant, series.machine_id, unit, "                          \
    "datetime(started_unix_ns / 1000000000, 'unixepoch') AS started, id AS run, commit_id, fingerprint, "         \
    "definition.hash AS definition, n, median, ci_low, ci_high, mean, stddev, min, max, q1, q3 "                  \
    "FROM series JOIN summary ON summary.series = series.number JOIN run ON run.number = summary.run "            \
    "JOIN definition ON definition.number = summary.definition "                                                  \
    "WHERE run.number NOT IN (SELECT run FROM void) "                                                             \
    "UNION ALL SELECT benchmark, metric, variant, series.machine_id, unit, "                                      \
    "datetime(started_unix_ns / 1000000000, 'unixepoch'), id, commit_id, fingerprint, "                           \
    "(SELECT hash FROM definition WHERE number = p.definition), NULL, "                                           \
    "iif(b0 > 127, -1, 1) * (((b1 & 15) << 48 | low) / 4503599627370496.0 + ((b0 & 127) * 16 + (b1 >> 4) > 0)) "  \
    "* (SELECT value FROM power WHERE exponent = (b0 & 127) * 16 + (b1 >> 4)), "                                  \
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL "                                                             \
    "FROM series JOIN packed_point p ON p.series = series.number JOIN run ON run.number = p.run "                 \
    "WHERE run.number NOT IN (SELECT run FROM void);"
/* clang-format on */

#endif
