# show and `baseline show` say which run it is, a void one that it is void, at the top; `run` does not.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "true" }
  - { name: b, command: "true" }
Y
echo >>perfledger.yaml
commit configured
status 0 perfledger run --label nightly a
grep -q 'UTC' out && { cat out; exit 1; }
id=$(perfledger show --json | json 'd["run"]["id"]')
status 0 perfledger show
same heading "$(head -n 1 out | sed -E "s/$id/ID/; s/[0-9-]{10} [0-9:]{5}/DATE/")" 'run ID · nightly · DATE UTC · configured · tier smoke · only a'
same revision "$(sed -n 2p out | cut -b1-22)" "    $(git rev-parse HEAD | cut -c1-10) · main"
perfledger baseline save >/dev/null || exit 1
status 0 perfledger baseline show
holds out "run $id · nightly"
status 0 perfledger void "$id" --why 'the fan was off'
status 0 perfledger show "$id"
same void "$(head -n 1 out)" '! VOID, this run takes part in no judgement: the fan was off'
status 0 perfledger void "$id" --undo
status 0 perfledger show "$id"
if grep -q VOID out; then cat out; exit 1; fi
# a rival that failed is not ranked, and not the end of the report either
status 4 perfledger run -r 5 -w 0 --name good --name bad --reference bad -- 'sleep 0' 'sh -c "exit 3"'
holds out 'adhoc/bad   FAILED'
if grep -q ' ran$' out; then cat out; exit 1; fi
status 0 perfledger run -q -r 5 -w 0 -- true
holds out 'peak RSS'
if grep -q 'recorded\|^!' out; then cat out; exit 1; fi
