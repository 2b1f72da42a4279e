# The order of launches is random, recorded, and repeats with its seed.
. "$CASE_LIB"
order() { perfledger run -r 6 -w 0 --no-record --seed "$1" --json -L n 1,2,3,4 -- 'true {n}' | json '[b["launches"]["position"] for b in d["benchmarks"]]'; }
a=$(order 5)
same again "$(order 5)" "$a"
[ "$(order 6)" != "$a" ] || { echo 'another seed gave the same order'; exit 1; }
