# The real rows of the proof, and how one race, invocation or pair of each is measured. Sourced by run.sh.
# shellcheck shell=sh disable=SC2034,SC2154
#
# One line per row:  NAME KIND WORK LOAD EFFECT SECONDS COUNT BAR TIER
#   KIND    race   `perfledger race` of the work and a slower one (EFFECT of the whole's CPU time; 0: A/A)
#           cover  `perfledger run` of the work, COUNT invocations that must agree with each other
#           peer   the same pair by hyperfine: one after the other, the same time in all
#           spawn  bench_spawn, once
#           later  cannot be run yet
#   LOAD    none, or one: a busy loop of normal priority, not pinned
#   BAR     of the share of races (A/A: wrongly decided; else: found), - : shown
#   TIER    rows of a lower one are finished first; within one they take turns
rows() {
    cat <<'R'
aa-cpu            race  cpu     none 0     6  100 ≤0.01 1
aa-cpu-loaded     race  cpu     one  0     6  100 ≤0.01 1
cpu-0.5           race  cpu     none 0.005 6  100 ≥0.95 1
cpu-2             race  cpu     none 0.02  2  100 ≥0.95 1
cpu-1-loaded      race  cpu     one  0.01  15 100 ≥0.95 1
cpu-3-loaded      race  cpu     one  0.03  4  100 ≥0.95 1
cpu-0.5-loaded    race  cpu     one  0.005 30 100 ≥0.95 1
cover-cpu         cover cpu     none 0     0  20  -     1
cover-cpu-loaded  cover cpu     one  0     0  20  -     1
cover-memory      cover memory  none 0     0  20  -     1
cover-memory-loaded cover memory one 0     0  20  -     1
cover-syscall     cover syscall none 0     0  20  -     1
cover-syscall-loaded cover syscall one 0   0  20  -     1
spawn             spawn true    none 0     0  1   -     1
aa-memory         race  memory  none 0     6  100 ≤0.01 2
aa-memory-loaded  race  memory  one  0     6  100 ≤0.01 2
aa-syscall        race  syscall none 0     6  100 ≤0.01 2
aa-syscall-loaded race  syscall one  0     6  100 ≤0.01 2
aa-cpu-15-loaded  race  cpu     one  0     15 100 ≤0.01 2
aa-large          race  large   none 0     6  100 ≤0.01 2
aa-large-loaded   race  large   one  0     6  100 ≤0.01 2
hyperfine-aa          peer cpu  none 0     6  100 -     3
hyperfine-aa-loaded   peer cpu  one  0     6  100 -     3
hyperfine-0.5         peer cpu  none 0.005 6  100 -     3
hyperfine-2           peer cpu  none 0.02  2  100 -     3
hyperfine-1-loaded    peer cpu  one  0.01  15 100 -     3
hyperfine-3-loaded    peer cpu  one  0.03  4  100 -     3
hyperfine-0.5-loaded  peer cpu  one  0.005 30 100 -     3
memory-0.5        race  memory  none 0.005 6  100 -     4
memory-2          race  memory  none 0.02  2  100 -     4
memory-1-loaded   race  memory  one  0.01  15 100 -     4
memory-3-loaded   race  memory  one  0.03  4  100 -     4
memory-0.5-loaded race  memory  one  0.005 30 100 -     4
large-1           race  large   none 0.01  6  100 -     4
large-2-loaded    race  large   one  0.02  15 100 -     4
syscall-0.5       race  syscall none 0.005 6  100 -     4
syscall-2         race  syscall none 0.02  2  100 -     4
syscall-1-loaded  race  syscall one  0.01  15 100 -     4
syscall-3-loaded  race  syscall one  0.03  4  100 -     4
syscall-0.5-loaded race syscall one  0.005 30 100 -     4
kernel-0.5        race  kernel  none 0.005 3  100 ≥0.95 1
kernel-0.5-loaded race  kernel  one  0.005 3  100 ≥0.95 1
aa-kernel         race  kernel  none 0     3  100 ≤0.01 1
aa-kernel-loaded  race  kernel  one  0     3  100 ≤0.01 1
cover-kernel      cover kernel  one  0     0  20  ≥0.9  1
R
}

# take NAME: sets name kind work load effect seconds count bar tier; false when there is no such row.
take() {
    line=$(rows | awk -v want="$1" '$1 == want') || return 1
    [ -n "$line" ] || return 1
    # shellcheck disable=SC2086
    set -- $line
    name=$1 kind=$2 work=$3 load=$4 effect=$5 seconds=$6 count=$7 bar=$8 tier=$9
    [ -z "$races" ] || [ "$kind" = spawn ] || count=$races
}

done_of() { if [ -f "$lines/$1.tsv" ]; then wc -l <"$lines/$1.tsv" | tr -d ' '; else echo 0; fi; }

# What a row says, in words.
title() {
    where="machine left alone"
    [ "$load" = none ] || where="other core loaded"
    what="20 ms $work-bound command"
    percent=$(awk -v x="$effect" 'BEGIN { printf "%g", 100 * x }')
    case $kind in
    race | peer)
        how="race"
        [ "$kind" = race ] || how="hyperfine, one after the other"
        [ "$work" != kernel ] || { how="race inside processes" what="100 ns kernel"; }
        [ "$work" != large ] || what="20 ms command of a large program, each side a copy of its own"
        if [ "$effect" = 0 ]; then
            echo "$how, A/A, $what, $where, $seconds s: wrongly regressed or improved"
        else
            echo "$how, $percent % slower $what, $where, found within $seconds s"
        fi
        ;;
    cover) [ "$work" != kernel ] || { cover_kernel_title; return; }
        echo "stated 95 % interval of \`run\` contains what other invocations report, 20 ms $work-bound command, $where" ;;
    spawn) echo "\`true\` over bare vfork+exec+wait4; peak RSS of a child beside a parent of 200 MB" ;;
    later) echo "$name" | sed 's/^cover.*/stated 95 % interval of a kernel contains what other invocations report/' ;;
    esac
}

# An upper bound on the seconds that a row still takes.
bound() {
    case $kind in
    race | peer) per=$((seconds + 1)) ;;
    cover) per=3 ;;
    spawn) per=40 ;;
    *) per=0 ;;
    esac
    left=$((count - $(done_of "$name")))
    [ "$left" -gt 0 ] || left=0
    echo $((left * per))
}

# ---- load ----

load_pid=
load_on() {
    [ "$1" = one ] || return 0
    "$build/proof_work" load &
    load_pid=$!
    sleep 0.3
}
load_off() {
    [ -n "$load_pid" ] || return 0
    kill "$load_pid" 2>/dev/null || true
    wait "$load_pid" 2>/dev/null || true
    load_pid=
}

# ---- what is measured ----

# Counts are found once per run of this script, on the machine as it is now, without load.
calibrate() {
    [ ! -f "$scratch/count.$work" ] || return 0
    if [ "$work" = kernel ]; then # steps of the chain, as tests/proof/kernel.c has them: half a per cent each
        echo 200 >"$scratch/count.$work"
        return 0
    fi
    set --
    if [ "$work" = memory ]; then
        [ -f "$results/chase.bin" ] || { "$build/proof_work" make "$results/chase.tmp" && mv "$results/chase.tmp" "$results/chase.bin"; }
        set -- "$results/chase.bin"
    fi
    "$build/proof_calibrate" 20 "$build/proof_work" "$work" "$@" >"$scratch/count.new" || return 1
    mv "$scratch/count.new" "$scratch/count.$work"
}

# command LABEL EFFECT: the work, and a last word that tells the two sides apart.
command_of() {
    n=$(awk -v x="$2" '{ printf "%.0f", $1 * (1 + x / (1 - $2)) }' "$scratch/count.$work")
    if [ "$work" = kernel ]; then
        cp "$build/proof_kernel" "$scratch/kernel-$1" && echo "$n" >"$scratch/kernel-$1.steps" || return 1 # a file of its own for each side
        echo "$scratch/kernel-$1"
    elif [ "$work" = large ]; then # new for every race, and written as differently as builds and checkouts are
        rm -f "$scratch/large-$1"
        if [ "$1" = a ]; then cp "$build/proof_work" "$scratch/large-a"; else dd if="$build/proof_work" of="$scratch/large-b" bs=4k 2>/dev/null; fi || return 1
        chmod +x "$scratch/large-$1"
        echo "$scratch/large-$1 large $n"
    elif [ "$work" = memory ]; then
        echo "$build/proof_work memory $n $results/chase.bin $1"
    else
        echo "$build/proof_work $work $n $1"
    fi
}

# append FILE < LINE: at once, so that an interruption loses at most the race under way; nothing when there is no line.
append() {
    new=$(cat)
    [ -n "$new" ] || { echo "proof: $1: the result could not be read" >&2; return 1; }
    printf '%s\n' "$new" >>"$lines/$1.tsv"
}

flat() { "$build/proof_tell" flat <"$1" >"$scratch/flat.tsv"; }

# seed verdict metric ratio low high seconds mode solo-pairs duet-pairs revision
one_race() {
    seed=$((1000 + $(done_of "$name")))
    inside=
    [ "$work" != kernel ] || inside=--inside
    # shellcheck disable=SC2086
    if ! "$build/perfledger" -C "$scratch" race $inside --json -q --no-record --max-time "${seconds}s" --tolerance 0 --seed "$seed" \
        -n base -n head "$(command_of a 0)" "$(command_of b "$effect")" >"$scratch/race.json" 2>"$scratch/race.err"; then
        cat "$scratch/race.err" >&2
        return 1
    fi
    flat "$scratch/race.json" || return 1
    awk -F'\t' -v OFS='\t' -v seed="$seed" -v rev="$revision" '
        { v[$1] = $2 }
        $1 ~ /^results\.[0-9]+\.deciding$/ && $2 == "true" { row = $1; sub(/deciding$/, "", row) }
        END { b = "race.bouts.0."
            if (v[row "verdict"] == "" || v[b "end"] == "interrupted") exit
            print seed, v[row "verdict"], v[row "metric"], v[row "ratio"], v[row "ratio_ci.0"], v[row "ratio_ci.1"],
                v["race.seconds"], v[b "mode"], v[b "pairs.solo"], v[b "pairs.duet"], rev }' "$scratch/flat.tsv" | append "$name"
}

# median low high of time, then of cpu
one_cover() {
    [ "$work" != kernel ] || { one_cover_kernel; return; }
    # shellcheck disable=SC2046
    "$build/perfledger" -C "$scratch" run --json -q --no-record -- $(command_of a 0) >"$scratch/run.json" 2>"$scratch/run.err" || {
        cat "$scratch/run.err" >&2
        return 1
    }
    flat "$scratch/run.json" || return 1
    awk -F'\t' -v OFS='\t' -v rev="$revision" '
        { v[$1] = $2 }
        $1 ~ /^results\.[0-9]+\.metric$/ { row = $1; sub(/metric$/, "", row); at[$2] = row }
        END { t = at["time"]; c = at["cpu"]
            print v[t "median"], v[t "ci.0"], v[t "ci.1"], v[c "median"], v[c "ci.0"], v[c "ci.1"], rev }' "$scratch/flat.tsv" | append "$name"
}

# hyperfine's own word, Welch at 1 %, median of 5 at +10 %, at +1 % (each 1 slower, -1 faster, 0), ratio of means
one_peer() {
    runs=$(awk -v s="$seconds" 'BEGIN { printf "%d", s / 2 / 0.021 }')
    for side in a b; do
        x=0
        [ $side = a ] || x=$effect
        hyperfine -N --style none --warmup 1 --runs "$runs" --export-json "$scratch/hf.json" "$(command_of $side "$x")" >/dev/null 2>"$scratch/hf.err" || {
            cat "$scratch/hf.err" >&2
            return 1
        }
        flat "$scratch/hf.json" || return 1
        awk -F'\t' '$1 ~ /^results\.0\.times\./ { print $2 }' "$scratch/flat.tsv" >"$scratch/times.$side"
    done
    awk -v OFS='\t' -v rev="$revision" '
        function median5(f,   i, j, x) {
            for (i = 1; i <= 5; i++) for (j = i + 1; j <= 5; j++) if (t[f, j] < t[f, i]) { x = t[f, i]; t[f, i] = t[f, j]; t[f, j] = x }
            return t[f, 3] }
        function beyond(x, limit) { return x > limit ? 1 : x < -limit ? -1 : 0 }
        { f = FILENAME ~ /a$/ ? 1 : 2; n[f]++; s[f] += $1; q[f] += $1 * $1; if (n[f] <= 5) t[f, n[f]] = $1 }
        END {
            for (f = 1; f <= 2; f++) { m[f] = s[f] / n[f]; d[f] = sqrt((q[f] - s[f] * m[f]) / (n[f] - 1)) }
            r = m[2] / m[1]; e = r * sqrt((d[1] / m[1]) ^ 2 + (d[2] / m[2]) ^ 2)
            z = (m[2] - m[1]) / sqrt(d[1] ^ 2 / n[1] + d[2] ^ 2 / n[2]); g = median5(2) / median5(1) - 1
            print beyond(r - 1, e), beyond(z, 2.58), (g > 0.1), (g > 0.01), r, rev }' "$scratch/times.a" "$scratch/times.b" |
        append "$name"
}

one_spawn() {
    "$build/bench_spawn" >"$scratch/spawn.txt" || return 1
    awk -v OFS='\t' -v rev="$revision" '
        /^true/ { block = 1 } /^20 ms/ { block = 0 }
        block && /^launcher  / { small = $NF } block && /^launcher, 200/ { large = $NF } block && /^hyperfine/ { peer = $NF }
        /^child of +(20|100) MB/ { r = $NF - 1; if (r < 0) r = -r; if (r > rss) rss = r }
        END { print small, large, peer == "" ? "-" : peer, rss, rev }' "$scratch/spawn.txt" | append "$name"
}
