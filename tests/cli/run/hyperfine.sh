# What hands know from hyperfine: letters, attached values, bunches, scans, exports.
. "$CASE_LIB"
names() { perfledger run --list "$@" >out 2>err || { cat err; exit 1; }; cat out; }
names -r5 -w0 -Ni -- true
names -r=5 -w=0 -iNr7 -- true
names -Ln 1,2 -- 'echo {n}'
names -L n 1,2 -L m a,b -- 'echo {n} {m}'
names -P n 3 1 -D -1 -- 'echo {n}'
names --parameter-scan n 0.1 0.3 --parameter-step-size 0.1 -- 'echo {n}'
names -n one -n two -- 'echo 1' 'echo 2'
names -S none -m 5 -M 9 -- true
status 0 perfledger run --no-record -r 5 -w 0 -s 'echo s >>log' -p 'echo p >>log' -c 'echo c >>log' -i -N --export-json got.json -- sh -c 'exit 3'
sort log | uniq -c | tr -s ' '
same codes "$(json 'd["results"][0]["exit_codes"]' <got.json)" '[3, 3, 3, 3, 3]'
same fields "$(json 'sorted(d["results"][0])' <got.json)" \
    '["command", "exit_codes", "max", "mean", "median", "memory_usage_byte", "min", "parameters", "stddev", "system", "times", "user"]'
# - is standard output, and the report stands before it
status 0 perfledger run --no-record -r 5 -w 0 --export-json - -- true
sed -n '/^{/,$p' out | json 'len(d["results"][0]["times"])'
[ ! -e ./- ] || exit 1
# 0 is a seed like any other, and the same order comes back
status 0 perfledger run --no-record -r 5 -w 0 --seed 0 --json -- 'echo 1' 'echo 2'
same seed "$(json 'd["run"]["seed"]' <out)" 0
