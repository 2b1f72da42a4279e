/* Every statement that is kept prepared, by name. The schema is in sqlite_schema.c. */
#ifndef PFL_STORE_SQLITE_SQL_H
#define PFL_STORE_SQLITE_SQL_H

/* clang-format off */
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
    X(GET_RECORD, "SELECT body FROM record WHERE run = ?")                                                        \
    X(GET_SAMPLES, "SELECT first, body FROM samples WHERE run = ? ORDER BY first")                                \
    X(LIST_RUNS, "SELECT id, label, commit_id, branch, tag, machine_id, fingerprint, v.why, kind, dirty, partial, " \
                 "complete, started_unix_ns, commit_time, benchmark_count, failed_count, skipped_count "          \
                 "FROM run LEFT JOIN void v ON v.run = run.number "                                               \
                 "WHERE (?1 IS NULL OR machine_id = ?1) "                                                         \
                 "AND (?2 IS NULL OR substr(commit_id, 1, length(?2)) = ?2) "                                     \
                 "AND (NOT ?3 OR (kind = 'configured' AND complete AND NOT partial)) "                            \
                 "AND (NOT ?4 OR kind = 'configured') "                                                           \
                 "AND (?5 OR v.run IS NULL) "                                                                     \
                 "AND (NOT ?7 OR kind <> 'race') "                                                                \
                 "ORDER BY started_unix_ns DESC, number DESC LIMIT ?6")                                           \
    X(ALL_RUNS, "SELECT number, id, commit_id, fingerprint, started_unix_ns, v.run IS NOT NULL "                  \
                "FROM run LEFT JOIN void v ON v.run = run.number ORDER BY number")                                \
    X(ALL_DEFINITIONS, "SELECT number, hash FROM definition ORDER BY number")                                     \
    X(DATA_VERSION, "PRAGMA data_version")                                                                        \
    X(GET_POINTS, "SELECT run, definition, n, median, ci_low, ci_high, mean, stddev, min, max, q1, q3 "           \
                  "FROM summary WHERE series = ? ORDER BY run")                                                   \
    X(ADD_YARDSTICK, "INSERT INTO yardstick (machine_id, fingerprint, name, seconds) VALUES (?, ?, ?, ?) "        \
                     "ON CONFLICT (machine_id, fingerprint, name) DO NOTHING")                                    \
    X(GET_YARDSTICKS, "SELECT name, seconds FROM yardstick WHERE machine_id = ? AND fingerprint = ?")             \
    X(SET_VOID, "INSERT INTO void (run, why, unix_ns) VALUES (?, ?, ?) "                                          \
                "ON CONFLICT (run) DO UPDATE SET why = excluded.why, unix_ns = excluded.unix_ns")                 \
    X(UNSET_VOID, "DELETE FROM void WHERE run = ?")                                                               \
    X(ADD_NOTE, "INSERT INTO note (run, text, unix_ns) VALUES (?, ?, ?)")                                         \
    X(GET_REMARKS, "SELECT why AS said, unix_ns AS at, 1, 0 AS place FROM void WHERE run = ?1 "                   \
                   "UNION ALL SELECT text, unix_ns, 0, number FROM note WHERE run = ?1 ORDER BY at, place")
/* clang-format on */

/* Not kept: callers of its rows may use the ledger meanwhile. */
#define PFL_SQLITE_EACH_SERIES                                                                     \
    "SELECT * FROM (SELECT benchmark, metric, variant, machine_id, unit, better, "                 \
    "(SELECT count(*) FROM summary WHERE series = series.number) - "                               \
    "(SELECT count(*) FROM void JOIN summary ON summary.run = void.run "                           \
    "WHERE summary.series = series.number) AS points "                                             \
    "FROM series WHERE ?1 IS NULL OR machine_id = ?1) WHERE points > 0 "                           \
    "ORDER BY benchmark, metric, variant, machine_id"

#endif
