# A row that another version wrote in other words is right as long as it claims the same; one of this version has its words.
# shellcheck disable=SC2154,SC2016
. "$CASE_DIR/story.inc"
project
measured parse=0.100 sort=0.200
step 'Table look-up'
measured parse=0.060 sort=0.2003
status 0 perfledger log add --base HEAD~1 --head HEAD --title One
cp PERFORMANCE.md as_written
# audited STATUS WHAT TOOL [OLD NEW]…
audited() {
    expected=$1 what=$2
    shift 2
    python3 "$CASE_DIR/reseal.py" "$@" || exit 1
    status "$expected" perfledger log audit
    echo "$what: $(grep -c 'this is not what the runs say' out)"
    cp as_written PERFORMANCE.md
}
now=$(sed -n 's/.*"tool":"\([^"]*\)".*/\1/p' PERFORMANCE.md)
audited 0 'as it was' "$now"
audited 1 'other words of this version' "$now" 'Revision: ' 'Commit: '
audited 0 'another version' 'perfledger 0.0.9'
audited 0 'other words of another version' 'perfledger 0.0.9' 'Revision: ' 'Commit: ' ', the reference machine' ', which is the reference' '| benchmark |' '| program   |'
audited 1 'another figure' 'perfledger 0.0.9' 'Revision: ' 'Commit: ' '60.0 ±' '50.0 ±'
audited 1 'another unit' 'perfledger 0.0.9' ' ms |' '  s |'
audited 1 'another verdict' 'perfledger 0.0.9' 'improved (40 % less)' 'regressed (40 % less)'
audited 1 'another day' 'perfledger 0.0.9' 2026-11-02 2026-11-03
audited 1 'another name' 'perfledger 0.0.9' '`parse`' '`pasre`'
audited 1 'another metric' 'perfledger 0.0.9' '| time ' '| peak RSS '
audited 1 'another title' 'perfledger 0.0.9' '· One' '· Uno'
audited 1 'a line more' 'perfledger 0.0.9' '- Kind' "- 7 times as fast
- Kind"
