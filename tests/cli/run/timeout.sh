# A launch that never ends is ended with its whole process group and recorded as such.
. "$CASE_LIB"
status 4 perfledger run -r 5 -w 0 --timeout 200ms -- sh -c "sleep 8$$ & sleep 8$$"
holds out 'TIMED OUT'
holds out '200 ms'
same status "$(perfledger show --json | json 'sorted(set(r["status"] for r in d["results"]))')" '["timed_out"]'
same survivors "$(pgrep -f "sleep 8$$\$" | wc -l)" 0
