# What goes wrong in one benchmark is said of that one; the others go on.
. "$CASE_LIB"

status 1 "$SAMPLE" chain assertion crash leave endless wrong accuracy --launches 3 --time 0.03 --json
json '"\n".join(sorted({"%s %s%s" % (r["benchmark"], r["status"], ": " + r["reason"].split(" (" if r["benchmark"] == "wrong" else "!")[0] if "reason" in r else "") for r in d["results"]}))' <out
same 'the others have all launches' "$(json '[r["launches"] for r in d["results"] if r["metric"] == "time"]' <out)" '[3, 3]'

COLUMNS=70 status 1 "$SAMPLE" tag:bad --launches 2 --time 0.01
grep -A1 -E '^(assertion|crash|leave|endless)' out | grep -v '^wrong'

# Each body once; in a process of its own, so that a crash has a name. --launches 1: in this one, so that a debugger has it.
status 1 "$SAMPLE" chain crash absent --once
sed -E 's/  +/  /' out
status 139 sh -c '"$SAMPLE" crash --launches 1 --time 0.01; exit $?' 2>/dev/null

# Something that happens when all is over is not a benchmark's fault, and not nothing.
SAMPLE_STATUS=9 status 9 "$SAMPLE" chain --launches 2 --time 0.01
cat err

# A crash late in the time that a benchmark has is a crash.
status 1 "$SAMPLE" late --launches 2 --time 0.01
grep -o 'by SIGABRT' out | head -n 1
