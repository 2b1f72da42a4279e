# Every C snippet of docs/microbenchmarks.md compiles as it stands, as C and as C++ where there is a compiler for that; what it takes
# for granted (a parser, a map, a queue) is declared in front of it. Each must have its own #include of ours.
. "$CASE_LIB"
command -v "${CC:-cc}" >/dev/null || skip "no C compiler"
awk '/^```c$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > sprintf("snippet%02d.body", n) }' "$CASE_ROOT/docs/microbenchmarks.md"
cat >given.h <<'H'
#ifdef __cplusplus
extern "C" {
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
struct doc { const char *text; size_t size; };
struct doc *load(const char *path);
int parse(const char *text);
void free_doc(struct doc *d);
struct map;
struct map *make_map(size_t n);
void free_map(struct map *m);
const char *find(struct map *m, const char *key);
void insert(struct map *m, const char *key);
void sort_numbers(double *values, size_t n);
double sorted_copy(size_t n);
struct queue { int state; };
void queue_init(struct queue *q);
void queue_turn(struct queue *q);
double run_on_device(void);
extern const void *input;
extern size_t input_size, probes;
size_t pack(const void *bytes, size_t size);
void fast_exp(const double *x, double *out, size_t n);
void plain_exp(const double *x, double *out, size_t n);
int hot(int x);
void read_input(void);
void solve(void);
struct system;
int step(struct system *s);
#ifdef __cplusplus
}
#endif
H
cxx=${CXX:-c++}
echo 'int main() { return 0; }' >probe.cc
"$cxx" -std=c++17 -c probe.cc -o probe.o 2>/dev/null || cxx=
count=0
for body in snippet*.body; do
    snippet=${body%.body}
    grep -q '#include <perfledger/' "$body" || { echo "$body has no #include <perfledger/…>"; cat "$body"; exit 1; }
    { echo '#include "given.h"'; cat "$body"; } >"$snippet.c"
    "${CC:-cc}" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-missing-field-initializers -I"$CASE_ROOT/include" -c "$snippet.c" -o "$snippet.o" || {
        cat "$snippet.c"
        exit 1
    }
    [ -z "$cxx" ] || "$cxx" -std=c++17 -x c++ -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-missing-field-initializers -I"$CASE_ROOT/include" -c "$snippet.c" -o "$snippet.o" || {
        echo "$snippet as C++"
        cat "$snippet.c"
        exit 1
    }
    count=$((count + 1))
done
[ "$count" -ge 12 ] || { echo "only $count snippets were found"; exit 1; }
[ -n "$cxx" ] || skip "they compile as C; there is no C++ compiler"
echo "all snippets compile"
