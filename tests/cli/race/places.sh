# Files that not all sides read are laid elsewhere in memory between rounds, and -v says which and how often. Not what all read, what a
# launch writes, nor what no launch reads; revisions have theirs in their checkouts. What they hold is never touched. The base sleeps
# in every case: that is decided after some rounds, on any machine.
. "$CASE_LIB"
cat >can.py <<'P'
# Can the kernel forget a file here? (Not on a tmpfs, nor on some overlays.)
import ctypes, mmap, os, sys
with open("probe", "wb") as f:
    f.write(b"x" * 65536)
fd = os.open("probe", os.O_RDWR)
os.fsync(fd)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
view = mmap.mmap(fd, 65536)
there = (ctypes.c_ubyte * 16)()
at = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(view)))
sys.exit(ctypes.CDLL(None).mincore(at, ctypes.c_size_t(65536), there) != 0 or any(b & 1 for b in there))
P
python3 can.py || skip 'files stay where they are on this file system'
rm can.py probe
repo
why() { json 'd["race"]["bouts"][0]["mode_why"]' <out | grep -o 'the files that not all sides read ([0-9]*,' | tr -dc '0-9\n'; }
raced() { status 0 perfledger race --no-record --json -w 0 --max-time 60s "$@"; }
cp "$PFL_CHILD" a
cp "$PFL_CHILD" b
seq 100000 >shared
cp shared data.a
cp shared data.b
echo a >told.a
echo b >told.b
cat a b data.a data.b | sha256sum >before
raced "sh -c './a exit 0; sleep 0.02'" "sh -c './b exit 0'"
same "two programs" "$(why)" 2
holds out 'were laid elsewhere in memory'
raced "sh -c 'cat shared; sleep 0.02'" "sh -c 'cat ./shared'"
same "one file, two names" "$(why)" ""
raced "sh -c 'cat data.a shared; sleep 0.02'" "sh -c 'cat data.b shared'"
same "two files of data" "$(why)" 2
raced "sh -c 'cat data.a; sleep 0.02'" "sh -c 'cat data.b'" "sh -c 'cat data.a'"
same "and where one of them is in two of three" "$(why)" 2
raced "wc -l <data.a; sleep 0.02" "wc -l <data.b" -S
same "within a shell's line" "$(why)" 2
raced "sh -c 'cat told.a >/dev/null; echo a >>told.a; cat data.a; sleep 0.02'" "sh -c 'cat told.b >/dev/null; echo b >>told.b; cat data.b'"
same "not what they write" "$(why)" 2
cat a b data.a data.b | sha256sum >after
same "as they were" "$(cat after)" "$(cat before)"
# Revisions: what is in the checkout, and read. The work tree holds more.
mkdir -p many
for i in 1 2 3 4 5 6 7 8; do cp shared "many/$i"; done
echo 'wc -l many/3; sleep 0.02' >bench.sh
cat >perfledger.yaml <<'Y'
build: "true"
defaults: { warmup: 0 }
suites: [ { name: s, command: sh bench.sh } ]
Y
printf 'out\nerr\na\nb\ndata.*\nbefore\nafter\ntold.*\nshared\n.perfledger/\n' >.gitignore
commit files
echo 'wc -l many/3' >bench.sh
raced HEAD .
same "the checkout's and the work tree's" "$(why)" 4
[ -z "$(git status --porcelain | grep -v bench.sh)" ] || { git status --porcelain; exit 1; }
