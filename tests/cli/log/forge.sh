# Facts changed, the text made anew and sealed: what the run or git knows better, and what `log add` would have refused, is found.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
sed -i 's/lab-1/lab-0/' perfledger.yaml
step 'Another machine'
sed -i 's/lab-0/lab-1/' perfledger.yaml
step 'And back'
git remote add origin https://github.com/example/plate.git
first=$at
measured parse=0.100 sort=0.200
measured machine=laptop parse=0.100 sort=0.200
laptop=$run
measured parse=0.1001 sort=0.200
step 'Table look-up'
git tag v1.0
measured parse=0.060 sort=0.200
status 0 perfledger log add --base HEAD~1 --head HEAD --title One --pr 7
status 0 perfledger log audit
# made NAME WORD…: a run of the newest commit that may stand in no row.
made() {
    name=$1
    shift
    measured sort=0.200 "$@"
    echo "$name $run" >>../runs
}
made dirty parse=0.060 dirty=1
made partial parse=0.060 partial=1
made failed parse=0.060 failed=sort
made few parse=0.060 launches=2
made race parse=0.060 kind=race
made instrumented parse=0.060 instrumented=AddressSanitizer
made unoptimised parse=0.060 'warning=./parse was compiled without optimisation (gcc -O0): its times say little'
made summary parse=0.060 summary=1 kind=imported
made laptop parse=0.060 machine=laptop
made same parse=0.0998
cp -r PERFORMANCE.md perf ..
git checkout -q -b side
step 'Aside'
made aside parse=0.055
git checkout -q main
cp -r ../perf ../PERFORMANCE.md .

# forged WHAT STATEMENT
forged() {
    echo "-- $1"
    python3 "$CASE_DIR/forge.py" One "$2" >said
    sed -E -e "s#$PWD#DIR#g" -e 's/\b[0-9a-f]{40}\b/COMMIT/g; s/PERFORMANCE.md:[0-9]+/LOG/' said >said.shown
    shown said.shown
    cp ../PERFORMANCE.md .
}
# run WHAT: the id of a run made above.
run() {
    sed -n "s/^$1 //p" ../runs
}
# head WHAT: a row of that run.
head() {
    forged "the head: $1" "f['head'] = '$(run "$1")'; f['runs'] = [f['base'], f['head']]"
}
forged 'nothing' 'pass'
forged 'the machine' "f['machine'] = f['reference_machine'] = 'super-9'"
forged 'the reference machine' "f['reference_machine'] = 'super-9'"
forged 'the reference machine, as in an earlier configuration' "f['reference_machine'] = 'lab-0'"
forged 'a tag' "f['tag'] = 'v9.9'"
git tag v9.8 "$first"
forged 'a tag of another commit' "f['tag'] = 'v9.8'"
git tag -d v9.8 >/dev/null
forged 'where commits are' "f['commit_url'] = 'https://evil.example/'"
forged 'where commits are, nearly' "f['commit_url'] = 'https://github.evil.example/example/plate/commit/'"
forged 'where the pull request is' "f['pull_request_url'] = 'https://evil.example/7'"
forged 'another pull request behind the number' "f['pull_request_url'] = f['pull_request_url'].replace('/7', '/8')"
forged 'where the runs are' "f['runs_folder'] = 'https://evil.example/runs'"
forged 'where the runs are, seen from a page of the service' "f['runs_folder'] = '../../../../evil/plate/blob/main/perf/runs'"
forged 'where the runs are, roundabout' "f['runs_folder'] = '../x/../../perf/runs'"
mkdir -p fake/runs
for id in perf/runs/*.json; do
    sed 's/0\.06/0.03/' "$id" >"fake/runs/${id##*/}"
done
forged 'where the runs are, but others' "f['runs_folder'] = 'fake/runs'"
rm -r fake
forged 'before and after' "f['base'], f['head'] = f['head'], f['base']"
forged 'a cause that is not there' "f['kind'] = 'diagnosis'; f['cause'] = 'deadbeef' * 5; f['cause_subject'] = 'Copy the input'"
forged 'a cause that came later' "f['kind'] = 'diagnosis'; f['cause'] = '$(git rev-parse v1.0)'; f['cause_subject'] = 'Table look-up'"
forged 'what the cause is called' "f['kind'] = 'diagnosis'; f['cause'] = '$first'; f['cause_subject'] = 'A saucer'"
forged 'how sure it is' "f['confidence'] = 0.51"
forged 'how sessions differ' "f['sessions'] = [[b, 'time', '', 1e-6, 1000] for b in ('parse', 'sort')]"
forged 'how three sessions differ' "f['sessions'] = [[b, 'time', '', 0.01, 3] for b in ('parse', 'sort')]"
forged 'how sure it is, as another version' "f['tool'] = 'perfledger 0.0.1'; f['confidence'] = 0.51"
forged 'a tolerance' "f['tolerances'] = [['*', '*', 0.5]]"
forged 'medians of other runs' "f['pools'] = [['parse', 'time', '', 1, 1, [0.1001, 0.1004], [0.06]]]"
forged 'the median of the cited run among them' "f['pools'] = [['parse', 'time', '', 1, 1, [0.12, 0.1], [0.06]]]"
forged 'a baseline' "f['kind'] = 'baseline'"
for what in dirty partial failed few race instrumented unoptimised summary laptop same aside; do
    head "$what"
done
forged 'both of another machine' "f['head'] = '$(run laptop)'; f['base'] = '$laptop'; f['runs'] = [f['base'], f['head']]; f['machine'] = 'laptop'"
forged 'both of another machine, said to be the reference' "f['head'] = '$(run laptop)'; f['base'] = '$laptop'; f['runs'] = [f['base'], f['head']]; f['machine'] = f['reference_machine'] = 'laptop'"
forged 'external, but of the reference machine' "f['external'] = True"
echo '-- without origin'
git remote remove origin
status 0 perfledger log audit
forged 'where commits are' "f['commit_url'] = 'javascript:alert(1)//'"
