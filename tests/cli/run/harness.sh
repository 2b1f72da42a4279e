# harness: perfledger: the benchmarks inside a program are the results; it is told its task; what a clock does to all of it is
# taken out by the yardstick beside the samples.
. "$CASE_LIB"
repo
kernels
cat >perfledger.yaml <<'Y'
suites:
  - { name: kernels, harness: perfledger, command: ./kernels, seed: 7 }
  - { name: other, command: "true" }
Y
status 0 perfledger run
same launches "$(wc -l <told)" 10
same task "$(sort -u told | sed "s#$PWD#DIR#")" \
    "PERFLEDGER_ARTIFACT_DIR='DIR/.perfledger/artifacts/written' PERFLEDGER_BENCH_SECONDS='0.06' PERFLEDGER_SEED='7' PERFLEDGER_SELECT='' PERFLEDGER_SUITE='kernels'"
perfledger show --json >first.json
same benchmarks "$(json '" ".join(sorted({r["benchmark"] for r in d["results"]}))' <first.json)" \
    "kernels/parse[n=100] kernels/parse[n=10] kernels/sort other"
same metrics "$(json '" ".join(r["metric"] for r in d["results"] if r["benchmark"] == "kernels/sort")' <first.json)" "time cycles yardstick"
same 'per launch' "$(json '{r["launches"] for r in d["results"]} == {10} and "ten"' <first.json)" ten
same normalised "$(json '{r["normalised_by"] for r in d["results"] if r["metric"] == "time" and r["benchmark"] != "other"} == {"core clock"} and "yes"' <first.json)" yes
holds out 'times of benchmarks inside programs'
if grep -q 'yardstick (core)' out; then
    echo 'the yardstick is no news to people'
    exit 1
fi

# The host's clock steps by 7 %: the values as measured do, the results do not.
echo 1.07 >clock
status 0 perfledger run kernels
perfledger show --json >second.json
python3 - <<'P'
import json
def of(name, metric, key):
    return {r["benchmark"]: r[key] for r in json.load(open(name))["results"] if r["metric"] == metric and r["benchmark"] != "other"}
a, b = of("first.json", "time", "median"), of("second.json", "time", "median")
for name in a:
    assert abs(a[name] / b[name] - 1) < 0.003, (name, a[name], b[name])
raw = of("second.json", "time", "raw_median")["kernels/sort"] / of("first.json", "time", "raw_median")["kernels/sort"]
assert 1.02 < raw < 1.13, raw
step, time = of("second.json", "yardstick", "samples")["kernels/sort"], of("second.json", "time", "samples")["kernels/sort"]
for t, y in zip(time, step):  # the effective step: time over it is the launch's median ratio
    assert abs(t / y / (50.0 / 2.0) - 1) < 0.0011, (t, y)
P
status 0 perfledger compare rev:HEAD latest
status 0 perfledger run --list
same list "$(tr '\n' ' ' <out)" "kernels/parse[n=10] kernels/parse[n=100] kernels/sort other "
same 'listed without measuring' "$(wc -l <told)" 20
