# bench/instructions.sh: counts the same twice, holds what is kept for this platform, shows only where nothing is kept.
. "$CASE_LIB"
command -v valgrind >/dev/null || skip 'no valgrind'
[ -z "$PFL_SANITIZED" ] || skip 'valgrind and sanitizers do not mix'
build=$(dirname "$(readlink -f "$(command -v perfledger)")")
[ -f "$build/CMakeCache.txt" ] || skip 'no build folder'
mkdir -p copy/bench copy/perf/instructions
cp "$CASE_ROOT/bench/instructions.sh" copy/bench/
cp "$CASE_ROOT/perf/instructions/perfledger.yaml" copy/perf/instructions/
ln -s "$CASE_ROOT/examples" copy/examples
gate() { INSTRUCTIONS_ROUNDS=2 sh copy/bench/instructions.sh "$1" "$build"; }
status 0 gate save
status 0 gate gate
holds out 'unchanged'
kept=$(echo copy/perf/instructions/*.json)
# a tenth less was kept: now it takes more
python3 - "$kept" <<'P' || exit 1
import json, re, sys
text = open(sys.argv[1]).read()
out = re.sub(r"\b([1-9]\d{5,9})(\.0)?\b", lambda m: str(int(int(m.group(1)) * 0.9)), text)
assert out != text
open(sys.argv[1], "w").write(out)
P
status 1 gate gate
holds out 'regressed'
