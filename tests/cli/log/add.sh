# The three kinds of row and an external one: each in its part, behind the remarks of the row before; nothing else is touched.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
git remote add origin https://someone:secret@github.com/example/plate.git
measured parse=0.100 sort=0.200 parse:peak_rss=10485760 sort:peak_rss=10485760
step 'Table look-up'
git tag v1.0
measured parse=0.060 sort=0.2002 parse:peak_rss=10485760 sort:peak_rss=10489856
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'Table look-up instead of branches' --pr 42 --note 'The branches were never predicted.'
same 'the runs are kept' "$(find perf/runs -name '*.json' | wc -l)" 2
cat out
printf '\nReviewed by hand: the table fits into one cache line.\n\n### Aside\n\nMore of it.\n' >>PERFORMANCE.md
printf '\n# Our own chapter\n\nIt stays last.\n' >>PERFORMANCE.md
cp PERFORMANCE.md before
step 'Copy the input'
bad=$at
measured parse=0.180 sort=0.200 parse:peak_rss=20971520 sort:peak_rss=10485760
step 'Borrow the input'
measured parse=0.060 sort=0.200 parse:peak_rss=10485760 sort:peak_rss=10485760 'compiler=gcc 13.1.0 -O2'
status 0 perfledger log add --kind diagnosis --base HEAD~1 --head HEAD --cause "$bad" --area parser --title 'The lexer copied its input' --json
json '[d["schema"], d["row"]["kind"], d["row"]["line"], d["snapshot_suggested"]]' <out
step 'Vector backend'
measured parse/avx=0.020 sort/avx=0.050 parse/avx:peak_rss=10485760
status 0 perfledger log add --kind baseline --head HEAD --title 'Vector backend' --benchmark '*/avx'
cat out
measured machine=old-laptop parse=0.400 sort=0.900
slow=$run
step 'Faster sort'
measured machine=old-laptop parse=0.400 sort=0.600
status 0 perfledger log add --base "$slow" --head "$run" --external --title 'Faster sort, also there'
cat out
git status --short | sed -E 's/[0-9a-f]{16}/ID/'
same 'nothing that was there has changed' "$(diff before PERFORMANCE.md | grep -c '^<')" 0
ids=$(grep -oE '<!-- perfledger:row [0-9a-f]{16}' PERFORMANCE.md | cut -d ' ' -f 3 | head -n 2 | tr '\n' ' ')
[ "$(grep -oE '"after":"[0-9a-f]{16}"' PERFORMANCE.md | cut -d '"' -f 4 | tr '\n' ' ')" = "$ids" ] || echo 'a row does not name the one above it'
echo
sed -E -e 's/\b[0-9a-f]{16}\b/ID/g' -e 's/\b([0-9a-f]{10}|[0-9a-f]{40})\b/COMMIT/g' -e 's/"tool":"[^"]*"/"tool":"T"/' PERFORMANCE.md
