# Fewer than five launches are refused, or marked.
. "$CASE_LIB"
status 2 perfledger run -r 3 -- true
holds err '--allow-few'
status 0 perfledger run -r 3 --allow-few -- true
perfledger show --json >run.json
same launches "$(json '[r["launches"] for r in d["results"] if r["metric"]=="time"]' <run.json)" '[3]'
