# Names with anything in them are kept exactly and shown escaped.
. "$CASE_LIB"
name=$(printf 'a b/c "q" \047 \033[31m \303\251\342\202\254 |\nline')
status 0 perfledger run -r 5 -w 0 -n "$name" -- true
if grep -q "$(printf '\033')" out err; then echo 'an escape reached the terminal'; exit 1; fi
holds out '\x1b[31m'
same exact "$(perfledger show --json | json 'd["results"][0]["benchmark"] == "adhoc/a b/c \"q\" \x27 \x1b[31m é€ |\nline"')" true
