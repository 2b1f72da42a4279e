#!/bin/sh
# ./dev proof: the figures that show whether the judge can be trusted, each with its bar, written to docs/proof.md.
#
#   tests/proof/run.sh BUILD [--races N] [--fresh] [ROW…]     real rows, then the simulated ones; all when none is named.
#                     ROW: a name of --list, a group (sim, changes), or a glob ('aa-*')
#   tests/proof/run.sh BUILD --quick [--write]                 the simulated ones alone: under 3 minutes, no real timing
#   tests/proof/run.sh BUILD --list                            the rows, how far they are, and the most they still take
#   tests/proof/run.sh BUILD --write                           docs/proof.md anew from what there is
#
# Resumable: every race is a line of perf/proof/ROW.tsv, written at once; a row with its full number is done. An interruption
# loses at most the race under way. Rows of one tier take turns, five races each, so that a bad quarter of an hour falls on all.
# Exit status 1 when a bar is missed (tests/proof/share.c), 3 when something could not be run.
set -eu
build=$(cd "$1" && pwd)
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
results=$root/build/proof
lines=$root/perf/proof
mkdir -p "$results" "$lines"
scratch=$(mktemp -d)
revision=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
quick='' write='' list='' races='' fresh='' wanted=''
turn=5

# shellcheck source=tests/proof/rows.sh
. "$root/tests/proof/rows.sh"
# shellcheck source=tests/proof/figures.sh
. "$root/tests/proof/figures.sh"
# shellcheck source=tests/proof/cover_kernel.sh
. "$root/tests/proof/cover_kernel.sh"

trap 'load_off; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { printf '%s\n' "$*" >&2; }
usage() { sed -n '2,/^set -eu/{/^set -eu/d;s/^# \{0,1\}//;p}' "$0"; }

while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --write) write=yes ;;
    --list) list=yes ;;
    --fresh) fresh=yes ;;
    --races)
        races=${2:-}
        case $races in '' | *[!0-9]* | 0) say "proof: --races wants a number"; exit 2 ;; esac
        shift
        ;;
    --help | -h) usage; exit 0 ;;
    -*) say "proof: there is no $1"; usage >&2; exit 2 ;;
    *) wanted="$wanted $1" ;;
    esac
    shift
done

is_wanted() {
    [ -n "$wanted" ] || return 0
    for pattern in $wanted; do
        # shellcheck disable=SC2254
        case $1 in $pattern) return 0 ;; esac
    done
    return 1
}

chosen_rows() { rows | while read -r row rest; do if is_wanted "$row"; then echo "$row"; fi; done; }

# ---- simulated rows ----

# simulate FOLDER SCALE: two at a time; a row of this revision that is there is not run again.
simulate() {
    mkdir -p "$1"
    stamp="$revision $2$(git -C "$root" diff --quiet -- src tests/proof cmake 2>/dev/null || date +" %s")"
    [ "$(cat "$1/stamp" 2>/dev/null)" = "$stamp" ] || { rm -f "$1"/*.tsv "$1/changes.txt"; echo "$stamp" >"$1/stamp"; }
    "$build/proof_replay" --list | cut -f1 | while read -r row; do
        if { is_wanted "$row" || is_wanted sim; } && [ ! -f "$1/$row.tsv" ]; then echo "$row"; fi
    done >"$scratch/simulate"
    # Exit 1 (a bar is missed) is found again in the lines; anything else is an error.
    xargs -P 2 -I ROW sh -c '
        "$1/proof_replay" --noise "$2/tests/proof/noise" --scale "$4" ROW >"$3/ROW.new" || [ $? -eq 1 ] || exit 255
        awk -v revision="$5" "{ print \$0 \"\t\" revision }" "$3/ROW.new" >"$3/ROW.tsv" && rm "$3/ROW.new"; awk -F"\t" "{ printf \"%-14s %s: %d of %d (%s)\n\", \$9, \$2, \$4, \$5, \$1 }" "$3/ROW.tsv" >&2' \
        sh "$build" "$root" "$1" "$2" "$revision$(git -C "$root" diff --quiet -- src tests/proof cmake 2>/dev/null || echo +)" <"$scratch/simulate" || { say "proof: a simulation could not be run"; exit 3; }
    if { is_wanted changes; } && [ ! -f "$1/changes.txt" ]; then
        how=--full
        [ "$2" != 1 ] || how=--untimed
        "$build/bench_changes" $how >"$1/changes.new" || [ $? -eq 1 ] || exit 3
        mv "$1/changes.new" "$1/changes.txt"
    fi
    [ ! -f "$1/changes.txt" ] || say "$(awk 'END { print }' "$1/changes.txt") (change points)"
}

simulated_missed() {
    simulated_figures "$1" | grep 'MISSED' && return 0
    [ -f "$1/changes.txt" ] && grep -q 'MISSED' "$1/changes.txt"
}

# ---- real rows ----

# measure NAME: up to $turn more lines of it.
measure() {
    take "$1"
    [ "$kind" != later ] || return 0
    if [ "$kind" = peer ] && ! command -v hyperfine >/dev/null; then
        return 0
    fi
    [ "$kind" = spawn ] || calibrate || return 1
    many=$turn
    [ "$kind" != cover ] || many=1
    load_on "$load"
    while [ "$many" -gt 0 ] && [ "$(done_of "$name")" -lt "$count" ]; do
        "one_$kind" || { load_off; return 1; }
        many=$((many - 1))
    done
    load_off
    say "$name: $(done_of "$name") of $count"
}

unfinished() {
    chosen_rows | while read -r row; do
        take "$row"
        [ "$tier" = "$1" ] && [ "$(bound)" -gt 0 ] || continue
        [ "$kind" = peer ] && ! command -v hyperfine >/dev/null && continue
        echo "$row"
    done
}

show_list() {
    chosen_rows | while read -r row; do
        take "$row"
        printf '%-22s %4s of %-4s at most %5s s  %s\n' "$name" "$(done_of "$name")" "$count" "$(bound)" "$(title)"
    done
    "$build/proof_replay" --list | while IFS="$(printf '\t')" read -r row n what; do
        if is_wanted "$row" || is_wanted sim; then printf '%-22s simulated, %s: %s\n' "$row" "$n" "$what"; fi
    done
    echo "changes                simulated: bench_changes"
}

measure_all() {
    for t in 1 2 3 4; do
        while unfinished $t >"$scratch/unfinished" && [ -s "$scratch/unfinished" ]; do
            say "tier $t: $(wc -l <"$scratch/unfinished") rows, at most $(for row in $(cat "$scratch/unfinished"); do take "$row"; bound; done |
                awk '{ s += $1 } END { printf "%d min", s / 60 + 1 }')"
            for row in $(cat "$scratch/unfinished"); do
                measure "$row" || { say "proof: row $row could not be measured"; exit 3; }
            done
        done
    done
}

if [ -n "$list" ]; then
    show_list
    exit 0
fi
if [ -n "$quick" ]; then
    rm -f "$results/quick/stamp"
    simulate "$results/quick" 1
    simulated_figures "$results/quick" | grep '^sim-aa	' >&2 || true
    [ -z "$write" ] || write_document "$results/quick"
    if simulated_missed "$results/quick"; then
        echo "a bar is MISSED"
        exit 1
    fi
    echo "all bars hold"
    exit 0
fi
simulated() { if [ -f "$results/sim/sim-aa-idle.tsv" ]; then echo "$results/sim"; else echo "$results/quick"; fi; }
if [ -n "$write" ]; then
    write_document "$(simulated)"
    exit 0
fi
# Are simulated rows among what was named?
simulated_wanted() {
    { "$build/proof_replay" --list | cut -f1; echo sim; echo changes; } |
        while read -r row; do if is_wanted "$row"; then echo yes; fi; done | grep -q yes
}
if [ -z "$(chosen_rows)" ] && ! simulated_wanted; then
    say "proof: no row is called$wanted (--list)"
    exit 2
fi
[ -z "$fresh" ] || for row in $(chosen_rows); do rm -f "$lines/$row.tsv"; done
measure_all
if simulated_wanted; then simulate "$results/sim" 5; fi
write_document "$(simulated)"
missed=0
for row in $(chosen_rows); do
    if figure "$row" | grep 'MISSED'; then missed=1; fi
done
if simulated_wanted && simulated_missed "$results/sim"; then missed=1; fi
if [ "$missed" = 1 ]; then
    echo "a bar is MISSED"
    exit 1
fi
echo "all bars that were run hold"
