# Processes that outlive the command are ended, and said.
. "$CASE_LIB"
status 0 perfledger run -r 5 -w 0 --no-record --json -- sh -c "sleep 7$$ & exit 0"
same survivors "$(pgrep -f "sleep 7$$\$" | wc -l)" 0
