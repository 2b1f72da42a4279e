# The real go, hyperfine and criterion, where they are installed. What is not there is said. criterion is compiled once, beside the
# program under test; later runs find it there.
. "$CASE_LIB"
repo
missing=
echo 'defaults: { rounds: 2 }
suites:' >perfledger.yaml
if go version >/dev/null 2>&1; then
    mkdir sums rest
    printf 'module example.com/m\n\ngo 1.15\n' >go.mod
    cat >sums/sums_test.go <<'G'
package sums

import "testing"

var sink int

func BenchmarkSum(b *testing.B) {
	b.Run("n=10", func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			sink += i
		}
	})
}
func BenchmarkBad(b *testing.B) { b.Fatal("no luck") }
func TestNever(t *testing.T)    { t.Fatal("only benchmarks are to run") }
G
    printf 'package rest\n\nimport "testing"\n\nfunc BenchmarkRest(b *testing.B) {}\n' >rest/rest_test.go
    echo '  - { name: go, harness: go, command: go test -cpu=2 ./... }' >>perfledger.yaml
else
    missing="$missing go"
fi
if hyperfine --version >/dev/null 2>&1; then
    echo '  - { name: hf, harness: hyperfine, command: "hyperfine --runs 2 -L n 1,2 -N \"sleep 0.00{{n}}\"" }' >>perfledger.yaml
else
    missing="$missing hyperfine"
fi
[ "$missing" != ' go hyperfine' ] || skip "not installed:$missing"
commit second
status 4 perfledger run --allow-few
perfledger show --json >run.json
[ -n "$missing" ] || same measured "$(json '" ".join(sorted(r["benchmark"] for r in d["results"] if r["metric"] == "time" and r["median"] is not None))' <run.json)" \
    'go/example.com/m/rest/BenchmarkRest-2 go/example.com/m/sums/BenchmarkSum/n=10-2 hf/sleep 0.001 hf/sleep 0.002'
case $missing in
*go*) ;;
*)
    same failed "$(grep -A1 FAILED out | tr -s ' \n' ' ')" ' go/example.com/m/sums/BenchmarkBad-2 FAILED sums_test.go:14: no luck '
    status 0 perfledger run --allow-few 'go/*/rest/BenchmarkRest*'
    same 'one package' "$(perfledger show --json | json '" ".join(sorted({r["benchmark"] for r in d["results"]}))')" go/example.com/m/rest/BenchmarkRest-2
    ;;
esac
[ -z "$missing" ] || skip "not installed:$missing"
