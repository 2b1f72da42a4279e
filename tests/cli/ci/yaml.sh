# Whatever they are fitted to: templates are YAML, nothing from outside gets into a script by an expression, and shellcheck has
# nothing to say about the scripts.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
. "$CASE_ROOT/tests/helpers/ci_variants.sh"
mkdir "$HOME/scripts"
look() {
    perfledger ci github >all.yml || exit 1
    perfledger ci gitlab >>all.yml || exit 1
    "$python" -c '
import sys, yaml
text = open("all.yml", encoding="utf-8").read()
assert len(list(yaml.safe_load_all(text))) == 7, "documents"
assert "\n%" not in text and "\t" not in text
for line in text.splitlines():
    assert line == line.rstrip(), line' || exit 1
    for file in action.yml perfledger.yml perfledger-pull-request.yml perfledger-comment.yml perfledger-scheduled.yml perfledger-manual.yml; do
        perfledger ci github $file >$file || exit 1
        steps steps $file "$HOME/scripts" || exit 1
    done
    "$python" - <<'P' || exit 1
import yaml
own = yaml.safe_load(open("perfledger.yaml", encoding="utf-8")) or {}
main = yaml.safe_load(open("perfledger.yml", encoding="utf-8"))
branch = str(own.get("default_branch", "main"))
assert main[True]["push"]["branches"] == [branch.replace("+", "\\+")], main[True]
assert main["permissions"] == {"contents": "read"}
if "reference_machine" in own:
    assert main["jobs"]["gate"]["runs-on"] == ["self-hosted", own["reference_machine"]], main["jobs"]["gate"]["runs-on"]
builds = [s["run"] for s in main["jobs"]["gate"]["steps"] if s.get("name") == "Build"]
wanted = [own["build"].replace("${{", "${{ '${{' }}")] if "build" in own else []
assert [b.split("\n", 1)[1].rstrip("\n") for b in builds] == wanted, (builds, wanted)
P
    perfledger ci gitlab perfledger.yml >gitlab.yml || exit 1
    steps steps gitlab.yml "$HOME/scripts" || exit 1
}
variants look || exit 1
command -v shellcheck >/dev/null || skip 'no shellcheck'
# 2153, 2154: variables that the service sets; 1091: /etc/os-release; 2016: an odd build of the variants' own
shellcheck -e SC2153,SC2154,SC1091,SC2016 "$HOME"/scripts/*.bash || exit 1
