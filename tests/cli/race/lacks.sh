# A revision that lacks a benchmark: that bout is skipped and says why, the others go on.
. "$CASE_LIB"
repo
printf 'defaults: { warmup: 0 }\nsuites:\n  - { name: both, command: "true" }\n  - { name: late, command: ./late.sh, requires: [ ./late.sh ] }\n' >perfledger.yaml
printf '.perfledger/\n' >>.gitignore
commit without
printf '#!/bin/sh\n' >late.sh
chmod +x late.sh
commit with
status 0 perfledger race HEAD~1 HEAD --max-time 600ms --json --no-record
same "ends" "$(json '{b["benchmark"]: b["end"] == "skipped" for b in d["race"]["bouts"]}' <out)" '{"both": false, "late": true}'
holds out './late.sh'
status 6 perfledger race HEAD~1 HEAD --max-time 600ms --suite late --no-record
holds err 'nothing was raced: '
holds out 'nothing was raced: '
holds out 'was not raced: '
