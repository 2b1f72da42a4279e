# --inside is for commands; a program that cannot list what is inside it is raced as a whole, and that is said.
. "$CASE_LIB"
repo
steered old
steered new
printf 'suites:\n  - { name: a, command: "true" }\n' >perfledger.yaml
commit suites
status 2 perfledger race --inside HEAD HEAD
holds err '--inside is for commands'
echo unlisted | tee old.mood >new.mood
status 0 perfledger race --inside ./old ./new --max-time 1s --no-record --json
holds err 'what is inside it could not be listed'
holds err 'no list today'
same "as a whole" "$(json '[b["mode"] != "inside" for b in d["race"]["bouts"]]' <out)" '[true]'
