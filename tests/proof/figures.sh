# From the lines of build/proof to the lines of the table. Sourced by run.sh.
# shellcheck shell=sh disable=SC2034,SC2154
#
# A line of the table, fields separated by tabs:  NAME FIGURE BAR VALUE LIMITS N SECONDS STATE REVISIONS
# REVISIONS: those that the row's lines were measured at; figures never take the revision that is checked out now.

# bar_text ≤0.01 → ≤ 1 %
bar_text() { echo "$1" | awk '{ if (match($0, /[0-9.]+$/)) printf "%s %g %%", substr($0, 1, RSTART - 1), 100 * substr($0, RSTART); else printf "–" }'; }

# put FIGURE BAR HITS N SECONDS [REMARK]
put() {
    share=$("$build/proof_tell" share "$3" "$4" "$2")
    printf '%s\t%s\t%s\t' "$name" "$1" "$(bar_text "$2")"
    echo "$share" | awk -F'\t' -v hits="$3" -v n="$4" -v s="$5" -v remark="${6:-}" '{
        if (n > 0) printf "%.3g %% (%d)%s\t%.3g–%.3g %%", 100 * hits / n, hits, remark, 100 * $1, 100 * $2; else printf "–\t–"
        printf "\t%d\t%s\t%s\n", n, s, $3 }'
}

race_figure() {
    awk -F'\t' -v effect="$effect" -v limit="$seconds" '
        { n++; s[n] = $7; metric[$3]++; mode[$8]++
          if (effect == 0) hits += $2 == "regressed" || $2 == "improved"
          else { hits += $2 == "regressed" && $7 <= limit + 0.25; wrong += $2 == "improved" } }
        END { for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (s[j] < s[i]) { x = s[i]; s[i] = s[j]; s[j] = x }
            printf "%d %d %.2f ", hits, n, n ? s[int((n + 1) / 2)] : 0
            if (wrong) printf "; %d improved", wrong
            for (m in metric) if (metric[m] < n && m != "cpu") printf "; %d by %s", metric[m], m }' "$lines/$name.tsv" >"$scratch/figure"
    read -r hits n median remark <"$scratch/figure" || true
    put "$(title)" "$bar" "$hits" "$n" "$median" "$remark"
}

# Pairs of invocations are not independent, so there are no binomial limits. Both metrics must be covered; the half-width has its
# bar on CPU time, which decides for commands that use the CPU all the time, as these do.
cover_figure() {
    [ "$work" != kernel ] || { cover_kernel_figure; return; }
    for metric in time cpu; do
        column=1
        [ $metric = time ] || column=4
        judged=no
        [ $metric = time ] || judged=yes
        awk -F'\t' -v c=$column -v name="$name" -v title="$(title), $metric" -v judged=$judged -v want="$count" '
            $c != "" { n++; m[n] = $c; lo[n] = $(c + 1); hi[n] = $(c + 2); h[n] = ($(c + 2) - $(c + 1)) / 2 / $c }
            END { for (i = 1; i <= n; i++) for (j = 1; j <= n; j++) if (i != j) { pairs++; held += m[j] >= lo[i] && m[j] <= hi[i] }
                for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (h[j] < h[i]) { x = h[i]; h[i] = h[j]; h[j] = x }
                share = pairs ? held / pairs : 0; half = h[int((n + 1) / 2)]
                good = share >= 0.9 && (judged == "no" || half <= 0.03)
                printf "%s\t%s\t≥ 90 %%%s\t%.3g %%, half-width %.2g %%\tpairs of %d\t%d\t–\t%s\n", name, title,
                    judged == "yes" ? ", half-width ≤ 3 %" : "", 100 * share, 100 * half, n, n,
                    n < 2 ? "not run" : good ? "met" : "MISSED" }' "$lines/$name.tsv"
    done
}

peer_figure() {
    i=0
    for rule in "ratio beyond its own ± σ" "Welch's t test at 1 %" "gate: median of 5, +10 %" "gate: median of 5, +1 %"; do
        i=$((i + 1))
        # A test that may call either side is wrong either way; a gate only fails the slower.
        counts=$(awk -F'\t' -v c=$i -v effect="$effect" '{ n++; hits += effect == 0 ? $c != 0 : $c > 0 } END { print hits + 0, n + 0 }' "$lines/$name.tsv")
        # shellcheck disable=SC2086
        put "$(title): $rule" - $counts "$seconds"
    done
}

spawn_figure() {
    awk -F'\t' -v name="$name" '{
        good = $1 >= 0.97 && $1 <= 1.03 && $2 >= 0.97 && $2 <= 1.03
        printf "%s\t`true` measured, wall, nothing subtracted: median over bare vfork+exec+wait4 (beside a parent of 200 MB)\t0.97–1.03\t%s (%s); hyperfine -N: %s\t–\t1\t–\t%s\n",
            name, $1, $2, $3, good ? "met" : "MISSED"
        printf "%s\tpeak RSS of a child while the parent holds 200 MB\twithin 5 %% of VmHWM\t%.2g %%\t–\t2\t–\t%s\n", name, 100 * $4, $4 <= 0.05 ? "met" : "MISSED" }' "$lines/$name.tsv"
}

# revisions_of FILE…: of the lines' last fields, each once, in their order.
revisions_of() { awk -F'\t' '!seen[$NF]++ { printf "%s%s", n++ ? ", " : "", $NF }' "$@" 2>/dev/null || true; }
with_revisions() { awk -F'\t' -v OFS='\t' -v revisions="$1" '{ $9 = revisions; print }'; }

# figure NAME: its lines of the table.
figure() {
    take "$1" || return 1
    if [ "$kind" = later ]; then
        printf '%s\t%s\t%s\t–\t–\t0\t–\tnot yet: needs libperfledger\n' "$name" "$(title)" "$(bar_text "$bar")"
    elif [ "$kind" = peer ] && ! command -v hyperfine >/dev/null; then
        printf '%s\t%s\t–\t–\t–\t0\t–\tskipped: hyperfine is not installed\n' "$name" "$(title)"
    elif [ "$(done_of "$name")" = 0 ]; then
        printf '%s\t%s\t%s\t–\t–\t0\t–\tnot run\n' "$name" "$(title)" "$(bar_text "$bar")"
    else
        "${kind}_figure" | awk -F'\t' -v OFS='\t' -v done="$(done_of "$name")" -v want="$count" '
            done < want { $8 = $8 " (" done " of " want ")" } { print }' | with_revisions "$(revisions_of "$lines/$name.tsv")"
    fi
}

# The simulated rows' lines → the table's; their last field is the revision, as in the real ones.
simulated_figures() {
    for file in "$1"/*.tsv; do
        [ -f "$file" ] && awk -F'\t' -v OFS='\t' '{
            printf "%s\t%s\t%s\t%.3g %% (%d)\t%.3g–%.3g %%\t%d\t%s\t%s\t%s\n", $1, $2, $3 == "-" ? "–" : $3, 100 * $4 / $5, $4, 100 * $6, 100 * $7, $5, $8 == "-" ? "–" : $8, $9, (NF > 10 ? $11 : "unknown") }' "$file"
    done
    # All A/A races together.
    all=$(cat "$1"/sim-aa-*.tsv 2>/dev/null | awk -F'\t' '{ hits += $4; n += $5 } END { print hits + 0, n + 0 }')
    name=sim-aa
    # shellcheck disable=SC2086
    put "simulated A/A races with early stopping, all noises together, at least 10,000: wrongly regressed or improved" "≤0.01" $all – |
        with_revisions "$(cat "$1"/sim-aa-*.tsv 2>/dev/null | awk -F'\t' '{ print (NF > 10 ? $11 : "unknown") }' | revisions_of)"
}

# table TITLE < lines
table() {
    printf '\n## %s\n\n| figure | bar | value | 95 %% limits | n | s per decision | | row | measured at |\n|---|---|---|---|---|---|---|---|---|\n' "$1"
    awk -F'\t' '{ printf "| %s | %s | %s | %s | %s | %s | %s | `%s` | %s |\n", $2, $3, $4, $5, $6, $7, $8 ~ /MISSED/ ? "**" $8 "**" : $8, $1, $9 == "" ? "–" : $9 }'
}

peers_absent() {
    command -v hyperfine >/dev/null || echo "- hyperfine: not installed, its rows are skipped."
    if python3 -c 'import pytest_benchmark' 2>/dev/null; then
        echo "- python3-pytest-benchmark: it measures functions inside a process; its rows come with libperfledger's."
    else
        echo "- python3-pytest-benchmark: not installed, skipped."
    fi
    if [ -f /usr/include/benchmark/benchmark.h ]; then
        echo "- libbenchmark: it measures functions inside a process; its rows come with libperfledger's."
    else
        echo "- libbenchmark: not installed, skipped."
    fi
}

# write_document SIMULATED-FOLDER
write_document() {
    out=$root/docs/proof.md
    {
        cat <<M
# The proof

Written by \`./dev proof\` on $(date -u +%Y-%m-%d). Each row names the revisions that its results were measured at ("+": with changes that were not committed).
Machine: $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, Linux $(uname -r), $(. /etc/os-release && echo "$PRETTY_NAME").
What the rows are and how to run them: [testing.md](testing.md). \`./dev proof ROW\` makes one row (again: \`--fresh\`).

*met*: the value keeps the bar. *within chance*: it does not, but the exact binomial 95 % limits (Clopper and Pearson) hold the bar,
so that so few repetitions do not refute it. *MISSED*: the limits exclude the bar. *shown*: there is no bar. Found means: called
\`regressed\` by then. Seconds per decision are the median; an A/A race at tolerance 0 is never decided and takes all of its time.
Every real race has a seed (1000, 1001 …) and a line in perf/proof/ROW.tsv. The slower program does the same work with a larger
count, such that its whole CPU time is larger by what the row says (tests/proof/work.c, calibrate.c).
M
        rows | while read -r row how rest; do case $how in race | cover | spawn | later) figure "$row" ;; esac; done | table "On this machine, real"
        rows | while read -r row how rest; do case $how in peer) figure "$row" ;; esac; done | table "The common practice on the same pairs, in the same time"
        echo
        peers_absent
        simulated_figures "$1" | table "Simulated: recorded noise replayed, fixed seeds"
        echo
        echo 'The judge of `race` and of `compare` is driven by blocks that were recorded once (tests/proof/noise/README.md); `build/release/proof_replay ROW`.'
        echo 'The recorded minutes were calm: the scatter of a pair was a quarter of what trials on such machines had shown at other hours.'
        echo 'The rows called rough put it back: every launch four times as far from the median.'
        if [ -f "$1/changes.txt" ]; then
            printf '\n## Change points (`./dev proof changes`)\n\n```\n'
            cat "$1/changes.txt"
            printf '```\n'
        fi
    } >"$scratch/proof.md"
    mv "$scratch/proof.md" "$out"
    echo "written to docs/proof.md" >&2
}
