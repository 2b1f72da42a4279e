# One command, recorded, with its JSON; without a repository the number is called folklore.
. "$CASE_LIB"
status 0 perfledger run --rounds 5 --warmup 0 -- true
holds err 'folklore'
holds out 'adhoc/true'
holds out 'recorded as run'
perfledger show --json >run.json
same benchmark "$(json 'd["results"][0]["benchmark"]' <run.json)" adhoc/true
same launches "$(json '[r["launches"] for r in d["results"] if r["metric"]=="time"]' <run.json)" '[5]'
same samples "$(json 'len([r for r in d["results"] if r["metric"]=="time"][0]["samples"])' <run.json)" 5
same metrics "$(json '[m for m in ["time","cpu","user","sys","peak_rss","page_faults","context_switches"] if m not in [r["metric"] for r in d["results"]]]' <run.json)" '[]'
same schema "$(json 'd["schema"]' <run.json)" 1
same rss "$(json '[300e3 < r["median"] < 20e6 for r in d["results"] if r["metric"]=="peak_rss"]' <run.json)" '[true]'
