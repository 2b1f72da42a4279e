# PFL_COUNT_ALLOCATIONS() replaces the C library's functions, also where the implementation is static to its file.
. "$CASE_LIB"
cat >counted.c <<'C'
#define PFL_IMPLEMENTATION_STATIC
#include <stdlib.h>
#include <perfledger/allocations.h>
PFL_COUNT_ALLOCATIONS()
void pfl_allocations_counted_by(const struct pfl_allocations *(*of_this_thread)(void)) { (void)of_this_thread; }
C
for flags in '' -DPFL_NO_ALLOCATION_COUNTS; do
    "${CC:-cc}" -D_GNU_SOURCE $flags -I"$CASE_ROOT/include" -c counted.c -o counted.o || exit 1
    echo "malloc: $(nm counted.o | grep -c ' T malloc$')"
done
