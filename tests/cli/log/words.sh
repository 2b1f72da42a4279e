# Titles and notes are people's words: nothing in them is a link, a figure in them proves nothing. What is no document.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
project
measured 'parse=0.100' '[z](q)=0.200'
step 'Table look-up'
measured 'parse=0.060' '[z](q)=0.100'
status 1 perfledger log add --base HEAD~1 --head HEAD --title 'parse in 3.21 ms'
cat err
status 1 perfledger log add --base HEAD~1 --head HEAD --title 'Faster' --note 'it was 31x before'
cat err
test -e PERFORMANCE.md && echo 'written'
status 0 perfledger log add --base HEAD~1 --head HEAD --title 'see [x](nowhere.md), 60.0 ms' --note '40 % less'
status 0 perfledger log trend time
status 1 perfledger log trend time --note 'now 77x'
status 0 perfledger log audit
step 'The log'
printf '\nIt is 10x faster, 2026x, 99 %% less, 3.21 milliseconds.\n' >>PERFORMANCE.md
printf '\n    ```\n\nIt took 4.21 ms.\n' >>PERFORMANCE.md
status 1 perfledger log audit
cat out
git checkout -q PERFORMANCE.md

echo '-- line ends'
sed -i 's/$/\r/' PERFORMANCE.md
status 1 perfledger log audit
cat out
git checkout -q PERFORMANCE.md

echo '-- no files'
mkfifo perf/p.md
ln -s nowhere.md perf/x.md
status 1 timeout 20 perfledger log audit
cat out
