# --max-time with more inside than it has time for at the usual length: each benchmark gets less, and all are measured.
. "$CASE_LIB"
repo
cat >many <<'P'
#!/usr/bin/env python3
import json, os, sys, time
cases = ["b%d" % i for i in range(64)]
if "--list" in sys.argv:
    print("\n".join(cases))
    sys.exit(0)
open("told", "a").write(os.environ["PERFLEDGER_BENCH_SECONDS"] + "\n")
for name in cases:
    time.sleep(float(os.environ["PERFLEDGER_BENCH_SECONDS"]))
    os.write(int(os.environ["PERFLEDGER_FD"]), (json.dumps({"bench": name, "samples_ns": [5]}) + "\n").encode())
P
chmod +x many
cat >perfledger.yaml <<'Y'
suites:
  - { name: k, harness: perfledger, command: ./many }
Y
perfledger run --max-time 3s >out 2>err
case $? in 0) ;; *) cat err; exit 1 ;; esac
same measured "$(perfledger show --json | json 'len({r["benchmark"] for r in d["results"] if r["metric"] == "time"})')" 64
same 'less each' "$(python3 -c 'print(all(0 < float(x) < 0.01 for x in open("told")))')" True
rm told
perfledger run --list --max-time 3s >out 2>err
same 'listed only' "$(wc -l <out) $(ls told 2>/dev/null)" '64 '
