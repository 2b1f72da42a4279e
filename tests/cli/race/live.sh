# On a terminal a live line says how it stands; with -q nothing does.
. "$CASE_LIB"
command -v script >/dev/null || skip "script(1) is not here"
repo
script -qec "perfledger race 'sleep 0.003' 'sleep 0.02' --no-record --max-time 1s -w 0" typescript >/dev/null
grep -q 'pairs' typescript
grep -q 's left' typescript
script -qec "perfledger race -q 'sleep 0.003' 'sleep 0.02' --no-record --max-time 1s -w 0" quiet >/dev/null
! grep -q 's left' quiet
