# -L and -P as hyperfine has them; identities carry the parameters, sorted by name, in natural order.
. "$CASE_LIB"
status 0 perfledger run -r 5 -w 0 --no-record -L b y,x -P a 9 10 --json -- 'true {a} {b}'
same names "$(json 'sorted(set(r["benchmark"] for r in d["results"]))' <out)" '["adhoc/true {a} {b}[a=10,b=x]", "adhoc/true {a} {b}[a=10,b=y]", "adhoc/true {a} {b}[a=9,b=x]", "adhoc/true {a} {b}[a=9,b=y]"]'
same natural "$(json 'd["results"][0]["params"]' <out)" '{"a": "9", "b": "x"}'
status 0 perfledger run --list -P a 0 1 -D 0.5 -- 'true {a}'
same scan "$(grep -c 'a=' out)" 3
status 2 perfledger run -P a 1 0 --no-record -- 'true {a}'
holds err 'no range'
