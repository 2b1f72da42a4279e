# The real criterion, where cargo and its source are (Debian: librust-criterion-dev). It is compiled once, beside the program under
# test, which takes half a minute; later runs find it there.
. "$CASE_LIB"
repo
cargo=$(command -v cargo || command -v /root/.cargo/bin/cargo) || skip 'cargo is not installed'
PATH=$(dirname "$cargo"):$PATH
ls -d /usr/share/cargo/registry/criterion-0* >/dev/null 2>&1 || skip 'the source of criterion is not installed (librust-criterion-dev)'
[ -z "$PFL_SANITIZED" ] || skip 'the plain build tries it'
mkdir src benches .cargo
printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "/usr/share/cargo/registry"\n' >.cargo/config.toml
cat >Cargo.toml <<'T'
[package]
name = "sums"
version = "0.1.0"
edition = "2018"

[dev-dependencies]
criterion = { version = "*", default-features = false }

[[bench]]
name = "sums"
harness = false

[profile.bench]
opt-level = 0
debug = false
T
echo 'pub fn sum(n: u64) -> u64 { (0..n).sum() } #[test] fn ordinary() {}' >src/lib.rs
cat >benches/sums.rs <<'R'
use criterion::{black_box, criterion_group, criterion_main, BenchmarkId, Criterion};
fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("sum");
    group.bench_with_input(BenchmarkId::new("fold", 10), &10u64, |b, &n| b.iter(|| sums::sum(black_box(n))));
    group.finish();
    c.bench_function("one", |b| b.iter(|| sums::sum(black_box(1))));
}
criterion_group!(benches, bench);
criterion_main!(benches);
R
CARGO_HOME=$PWD/.cargo-home CARGO_TARGET_DIR=${PFL_CHILD%/*}/criterion
RUSTUP_HOME=${RUSTUP_HOME:-${cargo%/.cargo/bin/cargo}/.rustup}
export CARGO_HOME CARGO_TARGET_DIR RUSTUP_HOME
cargo bench --offline --no-run >built 2>&1 || skip "criterion cannot be built here: $(tail -n 1 built)"
cat >perfledger.yaml <<'Y'
suites:
  - { name: rs, harness: criterion, command: cargo bench --offline, rounds: 1 }
Y
printf '.cargo-home/\nCargo.lock\nbuilt\n' >>.gitignore
commit second
status 0 perfledger run --list --allow-few
same list "$(tr '\n' ' ' <out)" 'rs/sum/fold/10 rs/one '
status 0 perfledger run --allow-few
same measured "$(perfledger show --json | json '" ".join(sorted(r["benchmark"] for r in d["results"] if r["median"]))')" 'rs/one rs/sum/fold/10'
same "the user's results" "$(ls "$CARGO_TARGET_DIR/criterion" target/criterion 2>/dev/null)" ''
status 0 perfledger run --allow-few 'rs/on*'
same selected "$(perfledger show --json | json '" ".join(sorted(r["benchmark"] for r in d["results"]))')" rs/one
