# The row cover-kernel: what `perfledger run` states for kernels inside a program. Sourced by run.sh.
# shellcheck shell=sh disable=SC2034,SC2154
#
# One line per invocation, for the dependent chain and the small parser of bench/library, each some 100 ns:
#   chain: median low high of time; parser: the same; revision
# Pairs of invocations are not independent, so there are no binomial limits.

cover_kernel_title() { echo "stated 95 % interval of \`run\` contains what other invocations report, 100 ns kernels inside a program, $where"; }

one_cover_kernel() {
    cmake --build "$build" --target library_ours >"$scratch/ours.log" 2>&1 || { cat "$scratch/ours.log" >&2; return 1; }
    mkdir -p "$results/kernel"
    # A folder and a ledger of its own that stay: the machine's reference value is kept with the runs.
    cat >"$results/kernel/perfledger.yaml" <<Y
project: proof
suites:
  - { name: k, harness: perfledger, command: "$build/library_ours" }
Y
    "$build/perfledger" -C "$results/kernel" run --json -q 'k/chain' 'k/parser' >"$scratch/run.json" 2>"$scratch/run.err" || {
        cat "$scratch/run.err" >&2
        return 1
    }
    flat "$scratch/run.json" || return 1
    awk -F'\t' -v OFS='\t' -v rev="$revision" '
        { v[$1] = $2 }
        $1 ~ /^results\.[0-9]+\.metric$/ && $2 == "time" { row = $1; sub(/metric$/, "", row); rows[++n] = row }
        END { for (i = 1; i <= n; i++) at[v[rows[i] "benchmark"]] = rows[i]
            c = at["k/chain"]; p = at["k/parser"]
            if (v[c "median"] != "" && v[p "median"] != "")
                print v[c "median"], v[c "ci.0"], v[c "ci.1"], v[p "median"], v[p "ci.0"], v[p "ci.1"], rev }' "$scratch/flat.tsv" |
        append "$name"
}

cover_kernel_figure() {
    for kernel in chain parser; do
        column=1
        [ $kernel = chain ] || column=4
        awk -F'\t' -v c=$column -v name="$name" -v kernel="$kernel" -v load="$load" '
            $c != "" { n++; m[n] = $c; lo[n] = $(c + 1); hi[n] = $(c + 2); h[n] = ($(c + 2) - $(c + 1)) / 2 / $c; sum += $c; square += $c * $c }
            END { for (i = 1; i <= n; i++) for (j = 1; j <= n; j++) if (i != j) { pairs++; held += m[j] >= lo[i] && m[j] <= hi[i] }
                for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (h[j] < h[i]) { x = h[i]; h[i] = h[j]; h[j] = x }
                share = pairs ? held / pairs : 0; half = h[int((n + 1) / 2)]
                spread = n > 1 ? sqrt((square - sum * sum / n) / (n - 1)) / (sum / n) : 0
                good = share >= 0.9 && half <= 0.01
                printf "%s\tstated 95 %% interval of `run` contains what other invocations report, 100 ns kernel inside a program (%s), %s\t≥ 90 %%, half-width ≤ 1 %%\t%.3g %%, half-width %.2g %%, scatter %.2g %%\tpairs of %d\t%d\t–\t%s\n",
                    name, kernel == "chain" ? "dependent chain" : "small parser", load == "none" ? "machine left alone" : "other core loaded",
                    100 * share, 100 * half, 100 * spread, n, n, n < 2 ? "not run" : good ? "met" : "MISSED" }' "$lines/$name.tsv"
    done
}
