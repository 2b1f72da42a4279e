# Renaming: one benchmark, a suite, a pattern, variants; unknown names, circles, nothing to remove; what it does to a series.
. "$CASE_LIB"
status 6 perfledger export --history
status 0 perfledger alias list
holds out 'No names are joined'
status 2 perfledger alias add a b
dated 1.json 1 'old/a=1' 'old/b[n=1]=1' 'old/gone=1' 'parse=1' 'both=1' 'sort@py3.8=1' 'sort@=1'
dated 2.json 2 'old/a=2' 'old/b[n=1]=2' 'parse=2' 'both=2' 'sort@py3.8=2' 'sort@=2'
dated 3.json 3 'new/a=3' 'new/b[n=1]=3' 'decode=3' 'both=3' 'twin=3' 'sort@py3.9=3' 'sort@=3'
dated 4.json 4 'new/a=4' 'new/b[n=1]=4' 'decode=4' 'both=4' 'twin=4' 'sort@py3.9=4' 'sort@=4'
status 0 perfledger import 1.json 2.json 3.json 4.json
points() { perfledger export --history --json "$1" | json '[(s["benchmark"], s["variant"], [(r["median"], "".join(r["epoch"])) for r in s["records"]]) for s in d["series"]]'; }
points decode

# Mistakes.
perfledger alias add parze decode >out 2>err; echo "typo: $?"; cat err
perfledger alias add parse decoed >out 2>err; echo "typo in the newer: $?"; cat err
perfledger alias add parse parse >out 2>err; echo "itself: $?"; cat err
perfledger alias add nothing/like/this decode >out 2>err; echo "unknown: $?"; cat err
perfledger alias add 'x*' 'y*' >out 2>err; echo "no match: $?"; cat err
perfledger alias add 'o*l*' 'y*' >out 2>err; echo "two stars: $?"; cat err
perfledger alias add 'old*' new >out 2>err; echo "one star: $?"; cat err
perfledger alias ad a b >out 2>err; echo "verb: $?"; cat err
perfledger alias >out 2>err; echo "no verb: $?"; cat err
perfledger alias add parse >out 2>err; echo "one word: $?"; cat err
perfledger alias add --benchmark sort a b >out 2>err; echo "no --variant: $?"; cat err
perfledger alias remove parse >out 2>err; echo "nothing to remove: $?"; cat err
perfledger alias list --note x >out 2>err; echo "list --note: $?"; cat err
perfledger alias list | head -1

# One.
perfledger alias add parse decode --note 'renamed in 1.4'
points decode
perfledger alias add decode parse >out 2>err; echo "circle: $?"; sed "s#$PWD#DIR#g" err
perfledger alias add parse both >out 2>err; echo "second way: $?"; sed "s#$PWD#DIR#g" err
points both
perfledger alias add parse decode --note 'renamed in 1.5' >out
same 'note again' "$(perfledger alias list --json | json '[(a["kind"], a["benchmark"], a["from"], a["to"], a["note"]) for a in d["aliases"]]')" '[["benchmark", null, "parse", "decode", "renamed in 1.5"]]'
perfledger alias remove prase >out 2>err; echo "typo in remove: $?"; cat err
same 'an older name selects, too' "$(points 'pars*')" "$(points decode)"
# Before there is a run under the new name.
perfledger alias add decode unpack --force
points unpack
perfledger alias remove decode
points decode

# A suite: what has no newer name is told. Twice is once.
perfledger alias add old new
points 'new'
perfledger alias add old new --json | json '[[a["from"] for a in d["added"]], [a["to"] for a in d["left_out"]], d["hidden_points"]]'
perfledger alias remove old
points 'new'
# A pattern.
perfledger alias add 'old/*[n=1]' 'new/*[n=1]'
perfledger alias remove 'old/*' --json | json '[(a["from"], a["to"]) for a in d["removed"]]'
# One run has both.
perfledger alias add both twin
perfledger alias remove both >out

# Variants.
perfledger alias add --variant py3.8 py3.9
points sort
perfledger alias add --variant '' py3.9 --benchmark sorr >out 2>err; echo "unknown benchmark: $?"; cat err
perfledger alias add --variant py3.7 py3.9 >out 2>err; echo "unknown variant: $?"; cat err
perfledger alias remove py3.8 >out 2>err; echo "not a benchmark's: $?"; cat err
perfledger alias remove --variant py3.8 --benchmark sort >out 2>err; echo "not of one: $?"; cat err
perfledger alias add --variant --benchmark sort py3.9 '' >out
perfledger alias list | scrub
perfledger alias remove --variant py3.9 --benchmark sort >out
perfledger alias remove --variant py3.8 >out
perfledger alias remove parse >out
same 'none are left' "$(perfledger alias list --json | json 'd["aliases"]')" '[]'

# Names that would run on a terminal, and a narrow one.
odd=$(printf 'ba\033[31md')
perfledger alias add both "$odd" --force >out
COLUMNS=60 perfledger alias list >>out
perfledger alias add "$odd" "$odd" >>out 2>&1
! grep -q "$(printf '\033')" out || { echo 'a raw control character'; exit 1; }
