# GitHub, the comment: only when something matters, one per pull request, kept up to date; the artefact is a stranger's word.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
repo
status 0 perfledger init --ci github
mkdir bin
cat >bin/gh <<'G'
#!/bin/sh
# gh api: says what the file of that name holds, and remembers what is sent.
[ "$1" = api ] || exit 9
shift
method=GET path= jq=. body=
while [ $# -gt 0 ]; do
    case $1 in
    -X) method=$2; shift ;;
    --jq) jq=$2; shift ;;
    -f) echo "$2" >>"$GH_DIR/asked"; shift ;;
    -F) body=${2#body=@}; shift ;;
    --paginate | --silent) ;;
    *) path=$1 ;;
    esac
    shift
done
echo "$method $path" >>"$GH_DIR/calls"
case $method in
GET) jq -r "$jq" "$GH_DIR/${path##*/}.json" ;;
*) cp "$body" "$GH_DIR/body" ;;
esac
G
chmod +x bin/gh
command -v jq >/dev/null || skip 'no jq'
export GH_DIR="$HOME/gh" PATH="$PWD/bin:$PATH" GITHUB_REPOSITORY=o/p
mkdir "$GH_DIR"
context='{"github": {"event": {"workflow_run": {"event": "pull_request", "conclusion": "failure", "id": "7", "head_branch": "topic`id`",
  "head_sha": "abc123", "html_url": "https://example.org/runs/7", "head_repository": {"full_name": "f/p", "owner": {"login": "f"}}}}}}'
pull='[{"number": 12, "head": {"sha": "abc123"}}]'
report() { # MATTERS TEXT
    rm -rf "$CI_STORE/artifacts" report comment.md "$GH_DIR/calls" "$GH_DIR/body" "$GH_DIR/asked"
    mkdir -p "$CI_STORE/artifacts/perfledger-pull-request"
    echo "$1" >"$CI_STORE/artifacts/perfledger-pull-request/matters"
    printf '%s\n' "$2" >"$CI_STORE/artifacts/perfledger-pull-request/comment.md"
}
comment() { job 0 github .github/workflows/perfledger-comment.yml --event workflow_run --context "$context"; }
sent() { grep -E '^(POST|PATCH)' "$GH_DIR/calls" 2>/dev/null || echo nothing; }
echo "$pull" >"$GH_DIR/pulls.json"
echo '[]' >"$GH_DIR/comments.json"

report false 'all quiet'
comment
same quiet "$(sent)" nothing
report true '### perfledger: ❌ failed'
comment
same news "$(sent)" 'POST repos/o/p/issues/12/comments'
same asked "$(tail -n 1 "$GH_DIR/asked")" 'head=f:topic`id`'
same 'first line' "$(head -n 1 "$GH_DIR/body")" '<!-- perfledger -->'
holds "$GH_DIR/body" '### perfledger: ❌ failed'
# an earlier one is kept up to date, also when there is nothing left to tell; somebody else's is not touched
printf '%s' '[{"id": 1, "user": {"login": "mallory"}, "body": "<!-- perfledger --> mine"},
  {"id": 34, "user": {"login": "github-actions[bot]"}, "body": "<!-- perfledger -->\nold"}]' >"$GH_DIR/comments.json"
report false 'repaired'
comment
same corrected "$(sent)" 'PATCH repos/o/p/issues/comments/34'
holds "$GH_DIR/body" repaired
# a newer commit is there, no report, another event: nothing
echo '[{"number": 12, "head": {"sha": "def456"}}]' >"$GH_DIR/pulls.json"
report true 'of an older commit'
comment
same overtaken "$(sent)" nothing
echo "$pull" >"$GH_DIR/pulls.json"
report true x
rm -rf "$CI_STORE/artifacts"
comment
same 'no artefact' "$(sent)" nothing
report true x
ln -sf /etc/passwd "$CI_STORE/artifacts/perfledger-pull-request/comment.md"
comment
same 'a link' "$(sent)" nothing
report 'true; id' x
echo '[]' >"$GH_DIR/comments.json"
comment
same 'neither true nor false' "$(sent)" nothing
job 0 github .github/workflows/perfledger-comment.yml --context '{"github": {"event": {"workflow_run": {"event": "push", "conclusion": "success"}}}}'
same 'another event' "$(cat out)" 'comment: skipped'
# a stranger's Markdown: no mention, link, picture or HTML is left of it, and no more than fits
report true 'hi @everyone [click](https://evil.example) ![x](http://evil.example/x.png) <img src=x> <a href="//evil.example">y</a>
[r]: https://evil.example
www.evil.example <details><summary>All rows</summary>
&#64;one &#x40;two &commat;three
- [s]: //evil.example
'
head -c 90000 /dev/zero | tr '\0' 'x' >>"$CI_STORE/artifacts/perfledger-pull-request/comment.md"
comment
holds "$GH_DIR/body" 'hi @'
if sed "s/@$(printf '\342\200\213')//g" "$GH_DIR/body" | grep -nE '@|&#64|&#x40|&commat|\]:|\]\(http.*evil|!\[x\]\(|<img|<a |https?://evil|^\[r\]|www\.'; then exit 1; fi
# whose code it was stands ahead of all that
same 'second line' "$(sed -n 2p "$GH_DIR/body")" "Raced by the pull request's own code at abc123: [the run](https://example.org/runs/7)"
holds "$GH_DIR/body" '<details><summary>All rows</summary>'
[ "$(wc -c <"$GH_DIR/body")" -lt 65000 ] || { wc -c "$GH_DIR/body"; exit 1; }
