# N launches are N processes that each run all cases, in orders that the seed draws.
. "$CASE_LIB"

log() {
    rm -f log
    SAMPLE_LOG=log "$SAMPLE" chain text/parse --time 0.05 "$@" >/dev/null 2>err || { cat err; exit 1; }
}
log --launches 12
same 'bodies run' "$(grep -c . log)" 24
same processes "$(cut -d ' ' -f 1 log | sort -u | grep -c .)" 12
cut -d ' ' -f 2 log | paste -d ' ' - - >order
same orders "$(sort -u order)" "chain parse
parse chain"
log --launches 12
cut -d ' ' -f 2 log | paste -d ' ' - - | cmp - order || exit 1
log --launches 12 --seed 2
! cut -d ' ' -f 2 log | paste -d ' ' - - | cmp -s - order || { echo 'another seed draws the same orders'; exit 1; }

status 0 "$SAMPLE" chain text/parse --launches 4 --time 0.04 --json
same 'samples of each' "$(json '[len(r["samples"]) for r in d["results"] if r["metric"] == "time"]' <out)" '[4, 4]'
status 0 "$SAMPLE" chain --launches 1 --time 0.01 --json
same 'one, in this process' "$(json '[len(r["samples"]) for r in d["results"] if r["metric"] == "time"]' <out)" '[1]'

# A signal ends it between benchmarks; what is complete is reported.
rm log
SAMPLE_LOG=log "$SAMPLE" chain --launches 1000 --time 100 --json >out 2>err &
pid=$!
until [ -s log ]; do sleep 0.05; done
kill -TERM $pid
wait $pid
same 'interrupted: status' $? 130
same 'interrupted: partial' "$(json 'd["run"]["partial"]' <out)" true

# Under perfledger: one launch, in this process, of what is asked for; nothing is printed.
PERFLEDGER_FD=5 PERFLEDGER_SUITE=s PERFLEDGER_SELECT='s/chain
s/text/*' PERFLEDGER_BENCH_SECONDS=0.01 "$SAMPLE" 5>wire >out 2>err
same 'wire: status' $? 0
same 'wire: nothing printed' "$(cat out err)" ''
python3 - <<'P'
import json
names = {}
for line in open("wire"):
    m = json.loads(line)
    if "bench" in m:
        names.setdefault(m["bench"], set()).add("samples" if "samples_ns" in m else m.get("metric", "?"))
print("\n".join("%s: %s" % (n, " ".join(sorted(names[n] & {"samples", "first_call", "throughput"}))) for n in sorted(names)))
P
# What selects nothing here may select something in another suite.
PERFLEDGER_FD=5 PERFLEDGER_SUITE=s PERFLEDGER_SELECT=other "$SAMPLE" 5>wire
same 'wire: nothing selected' "$? $(grep -c bench wire)" '0 0'

# A launch is over when its process is, whoever holds its descriptors still: a helper sleeps for 5 s.
SAMPLE_HELPER=1 status 0 timeout 4 "$SAMPLE" helper --launches 2 --time 0.01

# What a body prints in this process is not the report either.
status 0 "$SAMPLE" loud --launches 1 --time 0.01 --json
same 'standard output is the JSON' "$(json 'len(d["results"]) > 0' <out)" true
holds err 'a body prints this'
