#!/bin/sh
# ./dev bench library: libperfledger beside Google Benchmark and nanobench, as far as these are here, in one run.
#
#   bench/library.sh BUILD [INVOCATIONS]      20 by default: some 6 minutes
#
# All tools measure the machine code of bench/library/kernels.c with their own defaults. They take turns, so that a bad minute of the
# machine falls on all. An invocation is a whole process; `scatter` is the standard deviation of what 20 of them report, over the mean.
# Half-widths are medians. What each states: libperfledger its interval; nanobench its median ± err%; Google Benchmark nothing by default, with 10 repetitions in
# the same time (google x10) its mean CPU time ± 1.96 of its standard deviation / √10.
set -eu
build=$(cd "$1" && pwd)
invocations=${2:-20}
scratch=$(mktemp -d)
load=
stop() { if [ -n "$load" ]; then kill "$load" 2>/dev/null || true; wait "$load" 2>/dev/null || true; load=; fi; }
trap 'stop; rm -rf "$scratch"' EXIT

cmake --build "$build" --target bench_library >"$scratch/build.log" 2>&1 || { cat "$scratch/build.log" >&2; exit 3; }
google=$build/library_google nano=$build/library_nano
[ -x "$google" ] || { echo "Google Benchmark is not here (apt: libbenchmark-dev): skipped"; google=; }
[ -x "$nano" ] || { echo "nanobench.h is not here (cmake -DPFL_NANOBENCH=FOLDER): skipped"; nano=; }

# Each prints TOOL KERNEL VALUE LOW HIGH, tab-separated; "-": it states nothing.
ours() {
    "$build/library_ours" --quiet --json "$@" >"$scratch/ours.json" 2>"$scratch/ours.err" || { cat "$scratch/ours.err" >&2; return 1; }
    "$build/proof_tell" flat <"$scratch/ours.json" | awk -F'\t' -v OFS='\t' '
        $1 ~ /^results\.[0-9]+\./ { split($1, at, "."); r = at[2]; if (r + 0 > last) last = r + 0; sub(/^results\.[0-9]+\./, "", $1); v[r, $1] = $2 }
        END {
            for (r = 0; r <= last; r++) {
                metric = v[r, "metric"]
                tool = metric == "cycles" ? "ours" : metric == "time" ? "ours time" : metric == "pair" ? "ours pair" : ""
                scale = metric == "cycles" ? 1 : 1e9
                if (tool != "") print tool, v[r, "benchmark"], scale * v[r, "median"], scale * v[r, "ci.0"], scale * v[r, "ci.1"]
            } }'
}
pattern() { echo "^($(echo "$*" | tr ' ' '|'))\$"; }
theirs() {
    "$google" --benchmark_filter="$(pattern "$@")" --benchmark_format=json >"$scratch/google.json" 2>"$scratch/google.err"
    "$build/proof_tell" flat <"$scratch/google.json" | awk -F'\t' -v OFS='\t' '
        $1 ~ /\.name$/ { name = $2 } $1 ~ /\.real_time$/ { print "google", name, $2, "-", "-" }
        $1 ~ /\.cpu_time$/ { print "google cpu", name, $2, "-", "-" }'
}
repeated() {
    "$google" --benchmark_filter="$(pattern "$@")" --benchmark_format=json --benchmark_repetitions=10 --benchmark_min_time=0.06 \
        --benchmark_report_aggregates_only=true >"$scratch/google.json" 2>"$scratch/google.err"
    "$build/proof_tell" flat <"$scratch/google.json" | awk -F'\t' -v OFS='\t' '
        $1 ~ /\.run_name$/ { name = $2 } $1 ~ /\.aggregate_name$/ { which = $2 }
        $1 ~ /\.cpu_time$/ && which == "mean" { mean = $2 }
        $1 ~ /\.cpu_time$/ && which == "stddev" { half = 1.96 * $2 / sqrt(10); print "google x10", name, mean, mean - half, mean + half }'
}
small() { "$nano" "$@" | awk -F'\t' -v OFS='\t' '{ print "nanobench", $1, $2, $2 * (1 - $3), $2 * (1 + $3) }'; }

# ---- what an empty loop costs, and a body whose cost is known ----

overhead() {
    : >"$scratch/overhead"
    for _ in 1 2 3 4 5; do
        for tool in ours ${google:+theirs} ${nano:+small}; do
            # shellcheck disable=SC2046
            set -- $("$build/library_step")
            $tool empty known | awk -F'\t' -v OFS='\t' -v step="$1" -v ticks="$2" '
                $1 == "ours" { cycles[$2] = $3; next }
                $1 == "ours time" { ns[$2] = $3; next }
                $1 != "google cpu" { print $1, $2, $3, $3 / step * 5, $3 * ticks }
                END { for (k in ns) print "ours", k, ns[k], cycles[k], ns[k] * ticks }' >>"$scratch/overhead"
        done
    done
    printf '%-14s %-28s %10s %10s %12s\n' "tool" "body" "ns" "cycles" "TSC ticks"
    awk -F'\t' '
        function median(name, n,   i, j, t, x) {
            for (i = 1; i <= n; i++) t[i] = v[name, i]
            for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (t[j] < t[i]) { x = t[i]; t[i] = t[j]; t[j] = x }
            return t[int((n + 1) / 2)] }
        { k = $1 "\t" $2; if (!n[k]++) order[++m] = k; for (f = 3; f <= 5; f++) v[k f, n[k]] = $f }
        END {
            body["empty"] = "empty, with keep"; body["known"] = "4 dependent steps: 20 cycles"
            for (i = 1; i <= m; i++) { split(order[i], p, "\t"); k = order[i]
                printf "%-14s %-28s %10.3f %10.3f %12.3f\n", p[1], body[p[2]], median(k 3, n[k]), median(k 4, n[k]), median(k 5, n[k])
                if (p[1] == "ours") c[p[2]] = median(k 4, n[k]) }
            printf "bars: empty <= 1 cycle, known not below 20 cycles (0.5 %% for the yardstick): %s\n",
                (c["empty"] <= 1.005 && c["known"] >= 19.9 ? "hold" : "MISSED") }' "$scratch/overhead"
}

pauses() {
    : >"$scratch/pauses"
    for _ in 1 2 3; do
        ours_wall >>"$scratch/pauses"
        [ -z "$google" ] || theirs pause | awk -F'\t' '$1 == "google" { printf "google\t%s\t-\n", $3 }' >>"$scratch/pauses"
    done
    awk -F'\t' '
        { if (!n[$1]++) order[++m] = $1; if (n[$1] == 1 || $2 < least[$1]) { least[$1] = $2; left[$1] = $3 } }
        END { printf "%-14s %16s %24s\n", "tool", "a pair takes, ns", "and is charged with, ns"
            for (i = 1; i <= m; i++) printf "%-14s %16.1f %24s\n", order[i], least[order[i]], left[order[i]] == "-" ? "all of it" : sprintf("%.2f", left[order[i]])
            printf "bar: a pair takes <= 60 ns: %s\n", least["ours"] <= 60 ? "holds" : "MISSED" }' "$scratch/pauses"
}
ours_wall() { ours pause | awk -F'\t' '{ v[$1] = $3 } END { printf "ours\t%s\t%s\n", v["ours pair"], v["ours time"] }'; }

# ---- what invocations report, and what they state ----

invoke() {
    : >"$scratch/said"
    for _ in $(seq "$invocations"); do
        for tool in ours ${google:+theirs} ${google:+repeated} ${nano:+small}; do
            $tool chain parser memory >>"$scratch/said"
        done
    done
}
table() {
    awk -F'\t' -v where="$1" '
        function scatter(k,   i, s, q, m) {
            for (i = 1; i <= n[k]; i++) s += v[k, i]
            m = s / n[k]
            for (i = 1; i <= n[k]; i++) q += (v[k, i] - m) ^ 2
            return sqrt(q / (n[k] - 1)) / m }
        function range(k,   i, low, high) {
            low = high = v[k, 1]
            for (i = 2; i <= n[k]; i++) { if (v[k, i] < low) low = v[k, i]; if (v[k, i] > high) high = v[k, i] }
            return (high - low) / low }
        function covers(k,   i, j, hits, all) {
            for (i = 1; i <= n[k]; i++) for (j = 1; j <= n[k]; j++) if (i != j) { all++; hits += lo[k, i] <= v[k, j] && v[k, j] <= hi[k, i] }
            return hits / all }
        function half(k,   i, j, h, x) {
            for (i = 1; i <= n[k]; i++) h[i] = (hi[k, i] - lo[k, i]) / 2 / v[k, i]
            for (i = 1; i <= n[k]; i++) for (j = i + 1; j <= n[k]; j++) if (h[j] < h[i]) { x = h[i]; h[i] = h[j]; h[j] = x }
            return h[int((n[k] + 1) / 2)] }
        { k = $1 "\t" $2; if (!n[k]++) order[++m] = k; v[k, n[k]] = $3; lo[k, n[k]] = $4; hi[k, n[k]] = $5 }
        END {
            printf "%s, %d invocations\n%-12s %-8s %12s %9s %9s %12s %10s\n", where, n[order[1]], "tool", "kernel", "mean", "scatter", "range", "half-width", "contains"
            split("chain parser memory", kernels, " ")
            for (q = 1; q <= 3; q++) for (i = 1; i <= m; i++) {
                split(order[i], p, "\t"); k = order[i]
                if (p[2] != kernels[q]) continue
                mean = 0; for (j = 1; j <= n[k]; j++) mean += v[k, j] / n[k]
                printf "%-12s %-8s %9.2f %-2s %7.2f %% %7.2f %%", p[1], p[2], mean, p[1] == "ours" ? "cy" : "ns", 100 * scatter(k), 100 * range(k)
                if (lo[k, 1] == "-") printf " %12s %10s\n", "-", "-"
                else printf " %10.2f %% %8.1f %%\n", 100 * half(k), 100 * covers(k)
                if (p[1] == "ours") { s[p[2]] = scatter(k); c[p[2]] = covers(k); h[p[2]] = half(k) } }
            printf "bars: scatter of chain <= 0.3 %% and of parser <= 1 %%: %s; contains >= 90 %%, half-width <= 1 %%: chain %s, parser %s\n",
                (s["chain"] <= 0.003 && s["parser"] <= 0.01 ? "hold" : "MISSED"),
                (c["chain"] >= 0.9 && h["chain"] <= 0.01 ? "hold" : "MISSED"), (c["parser"] >= 0.9 && h["parser"] <= 0.01 ? "hold" : "MISSED") }' "$scratch/said"
}

# ---- how long a benchmark takes ----

duration() {
    begin=$(date +%s%N)
    "$build/library_ours" --quiet --json chain parser >"$scratch/ours.json" 2>/dev/null
    end=$(date +%s%N)
    awk -v ns=$((end - begin)) 'BEGIN { s = ns / 2e9
        printf "libperfledger, default: %.2f s a benchmark, 10 launches and their start in all (bar: 1 s to +-1 %%, see half-width above): %s\n",
            s, s <= 1 ? "holds" : "MISSED" }'
}

overhead
echo
pauses
echo
duration
echo
invoke
table "machine left alone"
echo
"$build/proof_work" load &
load=$!
sleep 0.3
invoke
stop
table "other core loaded"
