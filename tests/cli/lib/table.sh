# The report for people: its shape at several widths. Figures are masked, blanks are squeezed (widths of figures vary).
. "$CASE_LIB"

mask() {
    scrub <"$1" | sed -E -e 's/[0-9]+(\.[0-9]+)?( [kMGT])?\/s/N\/s/g' -e 's/ [0-9]+(\.[0-9]+)?( |$)/ N\2/g' -e 's/ [0-9]+(\.[0-9]+)?( |$)/ N\2/g' -e 's/SIZE\/s/N\/s/' \
        -e 's/ +/ /g'
}
widest() {
    awk '{ if (length($0) > w) w = length($0) } END { print w }' "$1"
}

for width in 60 80 200; do
    COLUMNS=$width status 0 "$SAMPLE" tag:good --launches 2 --time 0.02
    [ "$(widest out)" -le "$width" ] || { echo "wider than $width"; cat out; exit 1; }
    [ ! -s err ] || { cat err; exit 1; }
    echo "== $width"
    # Whether a first call is twice the steady one, and CPU time another than wall time, is the machine's matter.
    mask out | sed -E -e 's/ (first call|CPU)\b//g' | sed -E -e '/^(accuracy|chain|text.parse|walk.*[0-9]\]) /s/ T.*//' -e '/O\(|complexity over/s/:.*/: FIT/' -e '/^warning/d' |
        grep -v '^ \{1,\}[a-z]' >shape
    sed -n '1,/^$/p' shape
    grep -E '^(absent|chain|text|walk)' shape
    # Columns give way, metrics of the program's own go below their row.
    titles=$(grep '^benchmark' out)
    for title in time cycles items 'error max_abs'; do
        case $titles in *"$title"*) echo "column $title" ;; esac
    done
    sed -n '/^accuracy/{n;/^ /p}' out
done

# One launch knows nothing of others; --quiet leaves the words out.
status 0 "$SAMPLE" chain --launches 1 --time 0.01
holds out 'one launch: how much others differ is not known'
! grep -q '±' out || { cat out; exit 1; }
status 0 "$SAMPLE" chain --launches 2 --time 0.01 --quiet
same 'quiet: lines' "$(grep -c . out)" 2

# Names cannot move the cursor; no locale, no UTF-8.
SAMPLE_ODD=1 status 0 "$SAMPLE" tag:odd --launches 2 --time 0.01
holds out 'odd\x1b[31m\x0aname'
LC_ALL=C status 0 "$SAMPLE" chain --launches 2 --time 0.01
! LC_ALL=C grep -q '[^ -~]' out || { echo "not ASCII:"; cat out; exit 1; }
# Nor does a report hold what bodies print.
status 0 "$SAMPLE" loud --launches 3 --time 0.01
same 'a body prints, on standard error' "$(grep -c 'a body prints this' err)" 3
! grep -q 'a body' out || { cat out; exit 1; }
