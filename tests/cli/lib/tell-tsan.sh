# Under ThreadSanitizer signals are held back until the thread calls something that is intercepted; a budget in a loop that calls nothing
# of the kind ends all the same. A library that is not instrumented itself does for that.
. "$CASE_LIB"
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'
! nm "$library" | grep -q __asan_ || skip 'the library is built with AddressSanitizer'
cat >budget.c <<'C'
#include <perfledger/perfledger.h>
#include <stdio.h>
static volatile int forever = 1;
int main(void)
{
    PFL_BUDGET("outer", 100)
    {
        PFL_BUDGET("inner", 0.001) { }
        PFL_BUDGET("work", 0.01)
            while (forever && !pfl_budget_exceeded())
                ;
    }
    puts("the loop ended");
    return 0;
}
C
"${CC:-cc}" -fsanitize=thread -D_GNU_SOURCE -I"$CASE_ROOT/include" budget.c "$library" -lm -pthread -o budget 2>err || skip 'no ThreadSanitizer here'
timeout 60 setarch -R ./budget 2>err
