# A program that is older than the commit: built before it was committed, or from something else? Without debug information the files
# that git knows tell: what was built from them is newer than all of them.
. "$CASE_LIB"
repo
strip -o tool "$PFL_CHILD" 2>/dev/null || skip 'there is no strip'
echo tool >>.gitignore
echo 1 >source.c
commit source
echo 2 >source.c
touch -d '2 hours ago' source.c .gitignore
touch -d '1 hour ago' tool
commit 'built before it was committed'
status 0 perfledger run -r 5 -w 0 --no-record -- ./tool exit 0
! grep -q 'is older than' err || { cat err; exit 1; }
touch source.c
status 0 perfledger run -r 5 -w 0 --no-record -- ./tool exit 0
holds err './tool is older than the checked-out commit'
