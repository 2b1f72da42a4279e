# Any series from a file: steps, drift, spikes, bad input, JSON of the contract, exit status.
. "$CASE_LIB"
series() { # SEED then LEVEL COUNT…: values with 1 % noise, the same everywhere
    python3 - "$@" <<'P'
import random, sys
random.seed(int(sys.argv[1]))
for level, count in zip(sys.argv[2::2], sys.argv[3::2]):
    for _ in range(int(count)):
        print("%.6g" % (float(level) * (1 + 0.01 * random.gauss(0, 1))))
P
}
series 1 100 30 110 30 >step.csv
status 0 perfledger changes --csv step.csv --json
same shape "$(json '[d["schema"], sorted(k for k in d["series"][0] if k in ("benchmark","metric","n","changes")), sorted(k for k in d["series"][0]["changes"][0] if k in ("index","revision","before","after","ratio","ratio_ci","p","kind","state"))]' <out)" '[1, ["benchmark", "changes", "metric", "n"], ["after", "before", "index", "kind", "p", "ratio", "ratio_ci", "revision", "state"]]'
same step "$(json '[[s["benchmark"], s["metric"], s["n"], [(abs(c["index"] - 30) <= 1, c["kind"], c["state"], c["ratio_ci"][0] < 1.1 < c["ratio_ci"][1], c["p"] < 0.01) for c in s["changes"]]] for s in d["series"]]' <out)" '[["step", "value", 60, [[true, "step", "new", true, true]]]]'
cp out first.json
status 0 perfledger changes --json --csv step.csv
cmp out first.json || exit 1
status 0 perfledger changes --csv - <step.csv
holds out '^'
holds out 'worse; new'
status 1 perfledger changes --csv step.csv --fail-on worse
status 0 perfledger changes --csv step.csv --fail-on worse --better higher
status 1 perfledger changes --csv step.csv --fail-on any --better higher
status 2 perfledger changes --csv step.csv --false-alarms 90%
status 0 perfledger changes --csv step.csv --false-alarms 0.01% --all

awk 'BEGIN { print "revision,ms" } { printf "r%02d,%s\n", NR, $1 }' step.csv >named.csv
status 0 perfledger changes --csv named.csv --json
same named "$(json '[d["series"][0]["metric"], d["series"][0]["changes"][0]["revision"] in ("r30","r31","r32")]' <out)" '["ms", true]'

python3 -c 'import random
random.seed(5)
for i in range(60): print(100 * 1.005 ** min(max(i - 19, 0), 20) * (1 + 0.002 * random.gauss(0, 1)))' >drift.csv
status 1 perfledger changes --csv drift.csv --fail-on worse --json
same drift "$(json '[(c["kind"], 15 <= c["index"] <= 25, round(c["ratio"], 1)) for c in d["series"][0]["changes"]]' <out)" '[["drift", true, 1.1]]'

series 2 100 40 300 1 100 30 300 1 100 28 >spikes.csv
status 0 perfledger changes --csv spikes.csv --json --fail-on any
same spikes "$(json '[d["series"][0]["outcome"], d["series"][0]["spikes"], d["series"][0]["changes"]]' <out)" '["quiet", 2, []]'
series 3 100 40 130 4 >pending.csv
status 0 perfledger changes --csv pending.csv --json --fail-on any
same pending "$(json '[(c["index"], c["state"]) for c in d["series"][0]["changes"]]' <out)" '[[40, "pending"]]'

outcome() { perfledger changes --csv "$1" --json | json 'd["series"][0]["outcome"]'; }
: >empty.csv; same empty "$(outcome empty.csv)" empty
printf 'ms\n' >header.csv; same header "$(outcome header.csv)" empty
printf 'nan\ninf\n-inf\n\n' >nan.csv; same nan "$(outcome nan.csv)" empty
printf '7\n' >one.csv; same one "$(outcome one.csv)" too_short
for i in $(seq 40); do echo 5; done >constant.csv; same constant "$(outcome constant.csv)" constant
for i in $(seq 40); do echo 0; done >zero.csv; same zero "$(outcome zero.csv)" constant
for i in $(seq 40); do echo $((-100 + i / 21 * 50 + i % 3)); done >negative.csv
status 0 perfledger changes --csv negative.csv --json
same negative "$(json '[(c["ratio"], c["ratio_ci"], c["after"] > c["before"]) for c in d["series"][0]["changes"]]' <out)" '[[null, null, true]]'

printf 'ms\n1\n2\nthree\n' >bad.csv
status 2 perfledger changes --csv bad.csv
holds err 'bad.csv:4: error: expected a number, found `three`'
printf '1\n2,3\n' >ragged.csv
status 2 perfledger changes --csv ragged.csv
holds err 'ragged.csv:2:'
printf 'a,b,c\n' >wide.csv
status 2 perfledger changes --csv wide.csv
holds err 'wide.csv:1:'
status 2 perfledger changes --csv absent.csv
holds err 'absent.csv'
status 6 perfledger changes
holds err 'no ledger'
