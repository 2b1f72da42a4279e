#!/bin/sh
# The include law, read from the `#include "` lines; and the other borders a reader may rely on: SQL only in store/,
# processes only in sys/, ANSI codes only in report/terminal*.c, printing only in cli/, no unbounded calls, file sizes. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
tests=0 failed=0

# report WHAT FINDINGS: one test; findings are the lines that break the rule.
report() {
    tests=$((tests + 1))
    if [ -z "$2" ]; then
        echo "ok $tests - $1"
    else
        failed=1
        echo "not ok $tests - $1"
        printf '%s\n' "$2" | sed 's/^/#   /'
    fi
}

# law FOLDER ALLOWED…: src/FOLDER includes only headers of the allowed folders (and its own).
law() {
    folder=$1
    shift
    [ -d "src/$folder" ] || return 0
    allowed="$folder"
    for other; do allowed="$allowed|$other"; done
    report "$folder includes only: $*" "$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' "src/$folder" --include='*.c' --include='*.h' |
        grep -vE "include[[:space:]]+\"($allowed)/" || true)"
}

low="base sys model stats"
law base
law model base
law sys base model
law stats base model
law config $low
law project $low
law measure $low
law formats $low
law store $low
law judge base model stats
law vcs $low
law profile $low
law documents $low
law report base model stats
law flow $low config project measure formats store judge vcs profile documents report
law web $low flow report store
law cli $low config project measure formats store judge vcs profile documents report flow web
report "nobody includes cli" "$(grep -rnE '#[[:space:]]*include[[:space:]]+"cli/' src --include='*.[ch]' | grep -v '^src/cli/' || true)"

find_in() { # PATTERN, the files that may hold it (a grep -v pattern), the folders (src)
    # shellcheck disable=SC2086
    grep -rnE "$1" ${3:-src} --include='*.c' | grep -vE "$2" || true
}
report "SQL and sqlite only in store/" "$(find_in '\b(sqlite3_[a-z]+ *\(|SELECT .* FROM |INSERT (OR [A-Z]+ )?INTO )' '^src/store/')"
report "processes only in sys/" "$(find_in '\b(v?fork|execv[pe]*|posix_spawnp?|clone|system|popen|fexecve) *\(' '^src/sys/')"
report "ANSI codes only in report/terminal*.c" "$(find_in '(\\033|\\x1b|\\e)\[' '^src/report/terminal')"
report "printing and exiting only in cli/" "$(find_in '(^|[^a-zA-Z_])(printf|puts|putchar|perror|fprintf *\( *std(err|out)|exit) *\(' '^src/(cli|sys/launcher)/')"
report "no unbounded calls" "$(find_in '\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|tmpnam|mktemp|strtok) *\(' '^$' 'src lib')"
report "memory through base/alloc.h" "$(find_in '(^|[^a-zA-Z_>.])(malloc|calloc|realloc|free|strdup) *\(' '^src/base/alloc\.c|^src/sys/launcher/')"
report "files of at most 800 lines" "$(find src lib include tests bench -name '*.[ch]' -exec wc -l {} + 2>/dev/null | awk '$2 != "total" && $1 > 800')"
report "every .c file says what it decides" "$(find src -name '*.c' -exec sh -c 'for f; do head -c 2 "$f" | grep -q "^/\*" || echo "$f"; done' sh {} +)"
report "no struct typedefs" "$(grep -rnE 'typedef[[:space:]]+(struct|union)' src include --include='*.[ch]' 2>/dev/null || true)"
echo "1..$tests"
exit $failed
