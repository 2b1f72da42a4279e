# Output of any size, on both streams, costs no memory (sanitizers reserve terabytes: no limit then) and stops nothing.
. "$CASE_LIB"
# shellcheck disable=SC3045
([ -n "$PFL_SANITIZED" ] || ulimit -v 4000000; perfledger run -r 5 -w 0 --no-record --output pipe -- sh -c 'head -c 100000000 /dev/zero; head -c 20000000 /dev/zero >&2') >out 2>err || { cat out err; exit 1; }
holds out '5 launches'
