# --metric: what the program says on the wire decides, by its own unit and direction.
. "$CASE_LIB"
repo
cat >say.sh <<'S'
#!/bin/sh
echo "{\"metric\":\"score\",\"value\":$1,\"unit\":\"points\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
S
chmod +x say.sh
status 0 perfledger race './say.sh 10' './say.sh 20' --metric score --max-time 2s -w 0 --no-record --json
same "row" "$(json '[[r["metric"], r["unit"], r["better"], round(r["ratio"], 6), r["verdict"]] for r in d["results"] if r["deciding"]]' <out)" \
    '[["score", "points", "higher", 2.0, "improved"]]'
status 0 perfledger race './say.sh 10' './say.sh 20' --metric score --max-time 2s -w 0 --no-record
holds out 'score of `./say.sh 20` is 2.00 times that of `./say.sh 10`'
status 0 perfledger race true true --metric nosuch --max-time 300ms -w 0 --no-record
status 0 perfledger race true true --metric cpu --max-time 300ms -w 0 --no-record --json
same "cpu" "$(json 'd["race"]["bouts"][0]["metric"]' <out)" cpu
