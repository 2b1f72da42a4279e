# The run of record: the newest revision's, with targets; what may not be it is named.
. "$CASE_DIR/story.inc"
run=
project
cat >>perfledger.yaml <<'Y'
targets:
  - { benchmark: "parse*", metric: time, max: 80ms, tolerance: 10% }
  - { benchmark: "parse*", metric: peak_rss, max: 8MiB }
Y
step 'Targets'
status 2 perfledger log latest parser
holds err 'there is none yet'
measured parse=0.100 sort=0.200 parse:peak_rss=10485760
old=$run
step 'Table look-up'
git tag v1.0
measured parse=0.060 sort=0.2002 parse:peak_rss=10485760 parse:user=0.05
status 0 perfledger log trend time --area parser
status 0 perfledger log snapshot table --head HEAD --area parser
status 0 perfledger log latest parser
shown out
shown perf/latest_parser.md
status 0 perfledger log latest parser
shown out
printf '\nOur remark.\n' >>perf/latest_parser.md
step 'Faster still' # its hash follows the runs that are kept, as their ids do
there=$(git rev-parse --short=10 HEAD)
measured parse=0.050 sort=0.2 parse:peak_rss=4194304
status 0 perfledger log latest parser --json
json '[d["schema"], d["file"], d["written"], d["benchmarks"]]' <out
tail -1 perf/latest_parser.md
grep -E 'parse|Run of record' perf/latest_parser.md | grep -v perfledger:
echo '--- back only when told, forth again by itself'
status 0 perfledger log latest parser --head "$old"
shown out | sed "s/$there/THERE/"
status 0 perfledger log latest parser
shown out | sed "s/$there/THERE/"
echo '--- refused'
measured parse=0.4 sort=0.2 dirty=1
status 1 perfledger log latest parser --head "$run"
shown err | sed "s/$there/THERE/"
status 0 perfledger log latest parser
shown out err | sed "s/$there/THERE/"
step 'It fails now'
measured parse=0.4 sort=0.2 failed=parse
status 0 perfledger log latest parser
shown out err | sed "s/$there/THERE/"
measured machine=old-laptop parse=0.4
status 1 perfledger log latest parser --head "$run"
shown err | sed "s/$there/THERE/"
status 2 perfledger log latest parsr
shown err | sed "s/$there/THERE/"
status 2 perfledger log latest
shown err | sed "s/$there/THERE/"
