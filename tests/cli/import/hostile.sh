# Names with control characters are shown escaped: terminal, Markdown, warnings, paths; JSON keeps them whole.
. "$CASE_LIB"
cat >a.json <<'J'
{"results":[{"command":"red\u001b[31m|pipe\u0007<b>`x`\nline\u202e","mean":1,"times":[1,1.1,1.2,1,1.1]},{"command":"\u001b]0;t\u0007","mean":1,"times":[1],"exit_codes":[3]}]}
J
sed 's/\[1,1.1,1.2,1,1.1\]/[2,2.1,2.2,2,2.1]/' a.json >b.json
name=$(printf 'evil\033[2J.json')
cp a.json "./$name"
clean() {
    ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$1" || { echo "$1 holds control characters:"; cat -v "$1"; exit 1; }
}
perfledger import "./$name" >out 2>err
echo "status $?"
clean out
clean err
scrub <out
status 0 perfledger compare a.json b.json
clean out
status 0 perfledger compare a.json b.json --format markdown
clean out
! grep -q '<b>' out || { echo 'HTML in Markdown'; cat out; exit 1; }
status 0 perfledger compare a.json b.json --json
same 'the name is whole' "$(json 'any("\x1b[31m" in r["benchmark"] for r in d["results"])' <out)" true
clean out
status 0 perfledger show
clean out
printf '{"results":[{"command":"\\u001b[31m",\n"mean":{}, "times":[1,x' >cut.json
perfledger import cut.json >out 2>err
clean out
clean err
