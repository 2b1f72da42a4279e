# The gate over benchmarks inside a program: another clock is no regression, another program is; instrumented builds, artefacts,
# programs that are gone.
. "$CASE_LIB"
repo
kernels
cat >perfledger.yaml <<'Y'
defaults: { rounds: 8 }
suites:
  - { name: kernels, harness: perfledger, command: ./kernels, requires: [ ./kernels ] }
  - { name: other, command: "true" }
gates:
  - { match: "kernels/*", metric: time, max_regression: 5% }
Y
commit all
status 0 perfledger run
status 0 perfledger baseline save first
echo 1.3 >clock
status 0 perfledger run
status 0 perfledger check --json
same 'another clock' "$(json '" ".join(sorted({r["verdict"] + " " + str(r["normalised_by"]) for r in d["results"] if r["metric"] == "time" and r["benchmark"] != "other"}))' <out)" "unchanged core clock"

# Twice the work is found without any history, under that clock.
echo 2 >speed
status 0 perfledger run
status 1 perfledger check --json
same 'more work' "$(json '" ".join(r["benchmark"] + "=" + r["verdict"] for r in d["results"] if r["metric"] == "time" and r["benchmark"] != "other")' <out)" \
    "kernels/parse[n=10]=regressed kernels/parse[n=100]=regressed kernels/sort=unchanged"

# Built with a sanitizer: shown, not gated, and nothing else is, so it does not pass; gated where it is asked for.
sed -i 's/^clock = /tell(environment={"instrumented": "AddressSanitizer"})\n&/' kernels
status 0 perfledger run
holds out 'built with AddressSanitizer'
status 6 perfledger check --json
same instrumented "$(json '" ".join(sorted({str(r["gate"]) + " " + r["not_gated"] for r in d["results"] if r["metric"] == "time" and r["benchmark"] != "other"}))' <out)" \
    "report_only built with AddressSanitizer"
same reason "$(json '[r["reason"] for r in d["results"] if r["verdict"] == "regressed" and r["metric"] == "time"][0][:40]' <out)" "not gated: built with AddressSanitizer; "
sed -i 's/5% }/5%, instrumented: true }/' perfledger.yaml
status 1 perfledger check
sed -i 's/, instrumented: true//' perfledger.yaml
status 0 perfledger baseline reset instrumented
holds err 'the baseline is no release'"'"'s: kernels/parse[n=10] was built with AddressSanitizer'
status 0 perfledger baseline show
holds err 'built with AddressSanitizer'

# A program that is not there is skipped with all that is inside; one that crashes is not.
rm kernels
status 0 perfledger run
perfledger check --json >out 2>err
same skipped "$(json '" ".join(sorted({r["benchmark"] + " " + r["verdict"] for r in d["results"] if r["verdict"] != "unchanged" and r["metric"] == ""}))' <out)" \
    "kernels skipped kernels/parse[n=100] skipped kernels/parse[n=10] skipped kernels/sort skipped"
holds out 'its program was skipped: requires ./kernels, which is not there'
printf '#!/bin/sh\nexit 9\n' >kernels
chmod +x kernels
status 4 perfledger run
status 1 perfledger check --json
same gone "$(json '" ".join(sorted({r["verdict"] for r in d["results"] if r["benchmark"] != "other"}))' <out)" "failed missing"
holds out 'its program failed: exit code 9'
