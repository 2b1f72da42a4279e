# One pair of many runs may be cited, but not the best one: what all runs of both revisions say stands in the row, or forbids it.
# shellcheck disable=SC2154,SC2016
. "$CASE_DIR/story.inc"
project
before=$at
measured parse=0.100 sort=0.2000
first=$run
measured parse=0.101 sort=0.2004
measured parse=0.150 sort=0.1997
worst=$run
step 'Nothing'
measured parse=0.100 sort=0.2003
measured parse=0.090 sort=0.1996
best=$run
echo '--- the best of the six pairs'
status 1 perfledger log add --title 'A third less' --base "$worst" --head "$best"
cat err
[ ! -e PERFORMANCE.md ] || exit 1
perfledger void "$worst" --why 'the fan was off' >/dev/null
perfledger void "$best" --why 'the fan was off' >/dev/null
echo '--- a change that all of them show; what could not be cited does not count'
step 'Table look-up'
measured parse=0.060 sort=0.2002
measured parse=0.061 sort=0.1998
head=$run
after=$at at=$before
measured parse=0.1002 sort=0.2005 compiler=clang
measured parse=0.1003 sort=0.1999 dirty=1
measured parse=0.1004 sort=0.2001 launches=3
measured parse=0.1005 sort=0.1995 machine=laptop
measured parse=0.1006 sort=0.2006 'warning=./parse was compiled without optimisation (gcc -O0)'
at=$after
status 0 perfledger log add --title 'Table look-up' --base "$first" --head "$head"
shown out
grep -n -E 'parse|sort|Runs:' PERFORMANCE.md | grep -v '<!--' | sed 's/this is run [0-9]*/this is run N/g' | shown
status 0 perfledger log audit
cat out
echo '--- changed in the row'
sed -i 's/medians: `parse` time 0.6/medians: `parse` time 0.5/' PERFORMANCE.md
status 1 perfledger log audit
grep -c 'this is not what the runs say' out
