# A repository whose benchmarks are in a program (harness: perfledger): revisions are raced inside their processes. The one here is
# written in C with libperfledger, and became twice as slow; that is seen, and what is new is skipped where it is not yet there.
. "$CASE_LIB"
command -v "${CC:-cc}" >/dev/null || skip "no C compiler"
[ -z "$PFL_SANITIZED" ] || skip "the library is built with a sanitizer"
library=$(dirname "$(readlink -f "$(command -v perfledger)")")/libperfledger.a
[ -f "$library" ] || { echo "there is no $library"; exit 1; }
mkdir bench
cat >work.h <<'C'
enum { STEPS = 200 };
C
cat >main.c <<'C'
#include <perfledger/bench.h>
#include "work.h"
PFL_BENCH(chain)
{
    uint64_t x = 88172645463325252U;
    int i;

    PFL_LOOP(b)
    {
        for (i = 0; i < STEPS; i++) {
            x ^= x >> 7;
            pfl_keep(x);
        }
    }
}
#ifdef LATER
PFL_BENCH(later)
{
    PFL_LOOP(b) { pfl_keep(b); }
}
#endif
PFL_MAIN()
C
cat >perfledger.yaml <<Y
project: tiny
build: ${CC:-cc} -O2 -I$CASE_ROOT/include -I. main.c $library -lm -pthread -o kernels
suites:
  - { name: k, harness: perfledger, command: ./kernels }
Y
repo
printf 'kernels\n.perfledger/\nout\nerr\nbuild/\n' >.gitignore
commit before
sed -i 's/200/400/; s/^/#define LATER\n/' work.h
commit after
status 0 perfledger race HEAD~1 HEAD --max-time 20s --seed 3 --json --no-record
same "bouts" "$(json '{b["benchmark"]: [b["end"] == "skipped", b["mode"]] for b in d["race"]["bouts"] if b["benchmark"] == "k/chain"}' <out)" '{"k/chain": [false, "inside"]}'
same "verdict" "$(json '[r["verdict"] for r in d["results"] if r["deciding"] and r["benchmark"] == "k/chain"]' <out)" '["regressed"]'
same "skipped" "$(json '[b["reason"].split(" skips ")[1] for b in d["race"]["bouts"] if b["benchmark"] == "k/later"]' <out)" '["it: ./kernels has no such benchmark"]'
# the selection goes inside
status 0 perfledger race HEAD~1 HEAD --suite k/chain --max-time 3s --json --no-record
same "selected" "$(json '[b["benchmark"] for b in d["race"]["bouts"]]' <out)" '["k/chain"]'
status 2 perfledger race HEAD~1 HEAD --suite k/nothing --max-time 3s --no-record
holds err 'none of the benchmarks inside'
