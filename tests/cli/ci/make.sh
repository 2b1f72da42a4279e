# make: the fragment is included and run for real, and changes nothing for the Makefile it is included into.
. "$CASE_LIB"
command -v make >/dev/null || skip 'no make'
repo
cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$(cat cost),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
build: |
  # what a build may hold: a comment, $variables, 'quotes'
  price=$(cat price) && echo "$price" >cost &&
    echo 'a #' >>builds
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: bash emit.sh }, { name: d, command: "true", tier: deep } ]
gates: [ { match: "*", metric: cost, max_regression: 10% } ]
Y
echo 10 >price
status 0 perfledger init --ci make
holds out 'include perfledger.mk'
printf 'include perfledger.mk\nall:\n\t@echo all of it\n' >Makefile
printf 'cost\nbuilds\n.perfledger/\n.benchmarks/\n' >>.gitignore
commit make
same 'the first goal is still the own one' "$(make)" 'all of it'
make benchmark >out 2>&1 || { cat out; exit 1; }
same built "$(cat builds)" 'a #'
same runs "$(perfledger list --json | json 'len(d["runs"])')" 1
make benchmark-save NAME=first >out 2>&1 || { cat out; exit 1; }
ls .benchmarks/*/0001_first.json >/dev/null || exit 1
make benchmark-compare >out 2>&1 || { cat out; exit 1; }
echo 20 >price
if make benchmark-compare >out 2>&1; then echo 'a regression passed'; cat out; exit 1; fi
holds out regressed
make benchmark-reset >out 2>&1 || { cat out; exit 1; }
before=$(wc -l <builds)
make benchmark-compare SUITES=c TIER=deep BENCHMARK_BUILD= >out 2>&1 || { cat out; exit 1; }
same 'built no more' "$(wc -l <builds)" "$before"
# the build is the project's own target instead
printf 'BENCHMARK_BUILD =\nBENCHMARK_NEEDS = prepared\ninclude perfledger.mk\nprepared:\n\t@echo needed\n' >other.mk
make -f other.mk benchmark >out 2>&1 || { cat out; exit 1; }
holds out needed
printf '#!/bin/sh\necho "$@"\n' >echo.sh
chmod +x echo.sh
holds perfledger.mk 'PERFLEDGER_BRANCH ?= main'
same race "$(make -s benchmark-race PERFLEDGER=./echo.sh BASE=v1 SUITES='c d')" 'race v1 . --tier smoke --suite c --suite d'
touch d.txt
same 'a pattern is no file' "$(make -s benchmark PERFLEDGER=./echo.sh BENCHMARK_BUILD= SUITES='d* [c]')" 'run d* [c] --tier smoke'
rm d.txt
same base "$(make -s benchmark-race PERFLEDGER=./echo.sh)" "race $(git rev-parse HEAD) . --tier smoke"
printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >echo.sh
same 'a name is one word' "$(make -s benchmark-save PERFLEDGER=./echo.sh NAME='a b; touch HERE')" '<baseline><save><a b; touch HERE>'
same 'no name is no word' "$(make -s benchmark-reset PERFLEDGER=./echo.sh)" '<baseline><reset>'
