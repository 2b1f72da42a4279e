# Artefacts are kept by hash, once, and a comparison names the two files to diff.
. "$CASE_LIB"
repo
cat >program <<'P'
#!/bin/sh
cat code >"$PERFLEDGER_ARTIFACT_DIR/parse.s"
echo "{\"bench\":\"parse\",\"samples_ns\":[5]}" >&"$PERFLEDGER_FD"
echo "{\"bench\":\"parse\",\"artifact\":\"parse.s\",\"path\":\"$PERFLEDGER_ARTIFACT_DIR/parse.s\"}" >&"$PERFLEDGER_FD"
echo "{\"bench\":\"parse\",\"metric\":\"compile_time\",\"value\":1.5,\"unit\":\"s\"}" >&"$PERFLEDGER_FD"
P
chmod +x program
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: k, harness: perfledger, command: ./program }
gates:
  - { match: "*", metric: "*", max_regression: 10% }
Y
printf 'mov\n' >code
commit all
status 0 perfledger run
printf 'add\n' >code
status 0 perfledger run
before=$(printf 'mov\n' | sha256sum | cut -d' ' -f1)
after=$(printf 'add\n' | sha256sum | cut -d' ' -f1)
same 'one copy of each' "$(ls .perfledger/artifacts | tr '\n' ' ')" "$(printf '%s\n' "$before" "$after" written | sort | tr '\n' ' ')"
runs=$(perfledger list --json | json '" ".join(r["id"] for r in d["runs"])')
status 0 perfledger compare --json "${runs##* }" "${runs%% *}"
json '[r["reason"] for r in d["results"] if r["metric"] == "artifact_hash"][0]' <out >reason
grep -q "it changed: diff .perfledger/artifacts/$before .perfledger/artifacts/$after" reason ||
    grep -q "it changed: diff .perfledger/artifacts/$after .perfledger/artifacts/$before" reason || { cat reason; exit 1; }
sh -c "$(sed 's/it changed: //' reason)" >difference
holds difference 'mov'
status 0 perfledger baseline save
printf 'sub\n' >code
status 0 perfledger run
status 0 perfledger check --json
same 'a glob only reports it' "$(json '" ".join(r["gate"] + " " + r["verdict"] for r in d["results"] if r["metric"] == "artifact_hash")' <out)" "report_only regressed"
sed -i 's/metric: "\*"/metric: artifact_hash/' perfledger.yaml
status 1 perfledger check
git status --porcelain >dirty
if grep -q perfledger/ dirty; then
    cat dirty
    exit 1
fi
