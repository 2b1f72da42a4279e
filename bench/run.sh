#!/bin/sh
# ./dev bench: the figures of this machine, each with the command that makes it, written to perf/bench.md.
#
#   bench/run.sh BUILD [NAME…]     NAME: spawn json store changes import startup (all when none); others are left as perf/bench.md has them
set -eu
build=$(cd "$1" && pwd)
shift
root=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- spawn json store changes import startup
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$root/perf" "$build/bench"

# figure FILE METRIC FIELD: of the one benchmark in a run's JSON, in milliseconds.
figure() {
    sed -E 's/.*"metric":"'"$2"'"[^}]*"'"$3"'":([0-9.e-]+).*/\1/' "$scratch/$1.json" | awk '{printf "%.2f", $1 * 1000}'
}

# The whole program, measured by itself: each launch is a process of its own, nothing is subtracted.
startup() {
    (
        cd "$scratch"
        cat >perfledger.yaml <<'Y'
project: thousand
defaults: { rounds: 5, warmup: 0 }
suites:
  - name: t
    command: "true {n}"
    params: { n: [NUMBERS] }
Y
        sed -i "s/NUMBERS/$(seq -s, 1 1000)/" perfledger.yaml
        "$build/perfledger" run -q --json >a.json 2>/dev/null
        "$build/perfledger" run -q --json >b.json 2>/dev/null
        rm perfledger.yaml
        "$build/perfledger" run -q --no-record --rounds 100 --json -- true >true.json 2>/dev/null
        "$build/perfledger" run -q --no-record --rounds 100 --json -- "$build/perfledger" version >version.json 2>/dev/null
        "$build/perfledger" run -q --no-record --rounds 30 --json -- "$build/perfledger" compare a.json b.json >compare.json 2>/dev/null
    )
    printf '%-44s %10s %10s %10s %10s\n' "whole process, milliseconds" "wall" "least" "cpu" "bar"
    for row in "true:true (a bare process, for scale):" "version:perfledger version (start-up):10" "compare:perfledger compare, 1,000 benchmarks:50"; do
        file=${row%%:*} rest=${row#*:}
        printf '%-44s %10s %10s %10s %10s\n' "${rest%:*}" "$(figure "$file" time median)" "$(figure "$file" time min)" \
            "$(figure "$file" cpu median)" "${rest##*:}"
    done
}

for name; do
    out=$build/bench/$name.txt
    printf '── %s\n' "$name"
    case $name in
    spawn) "$build/bench_spawn" | tee "$out" ;;
    json) "$build/bench_json" | tee "$out" ;;
    store) "$build/bench_store" ${PFL_BENCH_FULL:+--full} | tee "$out" ;;
    changes) "$build/bench_changes" ${PFL_BENCH_FULL:+--full} | tee "$out" ;;
    import) sh "$root/bench/bench_import.sh" "$build" | tee "$out" ;;
    startup) startup | tee "$out" ;;
    *) echo "bench: there is no bench \`$name\`: spawn json store changes import startup" >&2; exit 2 ;;
    esac
done

cat >"$root/perf/bench.md" <<M
# The figures of one machine

Made by \`./dev bench\` on $(date -u +%Y-%m-%d) at revision $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown):
$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, Linux $(uname -r), $(. /etc/os-release && echo "$PRETTY_NAME"),
$(${CC:-cc} --version | head -n 1). Each block is what the program named printed; ratios are within one run. The bars are those of
the project's issues; what they mean is in docs/benchmarks.md.
M
for name in spawn json store changes import startup; do
    [ -f "$build/bench/$name.txt" ] || continue
    printf '\n## %s (`./dev bench %s`)\n\n```\n' "$name" "$name" >>"$root/perf/bench.md"
    cat "$build/bench/$name.txt" >>"$root/perf/bench.md"
    printf '```\n' >>"$root/perf/bench.md"
done
echo "written to perf/bench.md"
