#!/bin/sh
# The demonstration behind ./dev demo: three real programs are measured and recorded, a baseline is kept, one of them is made
# slower, and the gate refuses it. Everything happens in build/demo; nothing else is touched.
#
#   examples/demo/demo.sh PERFLEDGER
set -eu
program=$(readlink -f "$1")
here=$(cd "$(dirname "$0")" && pwd)
scratch=$here/../../build/demo
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"
PATH=$(dirname "$program"):$PATH

title() { printf '\n\033[1m%s\033[0m\n' "── $* ──"; }
[ -t 1 ] || title() { printf '\n%s\n' "── $* ──"; }
show() { printf '$ %s\n' "$*"; "$@"; }

title "1. Data and a configuration"
# 4 MB of words and numbers, the same on every machine.
awk 'BEGIN { srand(42); for (i = 0; i < 120000; i++) printf "%07d order %s item-%d %.4f\n", rand() * 1e7, substr("alphabetagammadeltaepsilon", 1 + int(rand() * 20), 5), rand() * 1000, rand() * 500 }' >orders.txt
cp "$here/perfledger.yaml" "$here/pack.sh" .
ls -l orders.txt pack.sh
cat perfledger.yaml

title "2. Measure, record, keep a baseline"
show perfledger run
show perfledger baseline save before

title "3. One of them gets slower: pack.sh now compresses harder than anybody asked for"
sed -i 's/gzip -1/gzip -7/' pack.sh
cat pack.sh
show perfledger run
printf '$ perfledger check\n'
status=0
perfledger check || status=$?
printf '(exit status %d)\n' "$status"

title "4. What to look at"
if [ "$status" -ne 1 ]; then
    echo "The gate should have refused this with exit status 1, and did not: please report it, with the output above."
    exit 1
fi
cat <<'END'
The gate refused the slow-down with exit status 1: in CI this build would be red.

  perfledger list                     the runs so far          (cd build/demo first)
  perfledger show                     the newest run, whole
  perfledger compare baseline latest  every metric, not only the gated ones
  perfledger baseline reset           accept the new numbers; the old ones stay
  perfledger run -- 'gzip -1c orders.txt' 'zstd -qc orders.txt'
                                      two commands, and who is faster
  perfledger init                     in a project of your own
END
