# Sourced by cases of `ci`: variants FUNCTION calls it in a folder of its own for each of several configurations that templates
# are fitted to, the plain and the odd.
variants() {
    variant_number=0
    for variant in \
        '' \
        'build: make -j2|targets: [ { benchmark: x, metric: time, max: 5s } ]|baseline: { update: auto }' \
        'default_branch: 6.2|reference_machine: "on"|build: "a: b # c"' \
        "default_branch: it's|reference_machine: 'lab: 1 #2'|baseline: { update: auto, folder: 'base lines' }" \
        'default_branch: "rel+1/é"|suites: [ { name: d, tier: deep, command: "true" } ]'; do
        variant_number=$((variant_number + 1))
        for variant_folder in . "s u'b"; do
            mkdir -p "v$variant_number"
            (
                cd "v$variant_number" || exit 1
                [ -d .git ] || repo
                mkdir -p "$variant_folder"
                cd "$variant_folder" || exit 1
                printf '%s\n' "$variant" | tr '|' '\n' >perfledger.yaml
                case $variant_number in
                2) touch Makefile go.mod package.json pom.xml ;;
                3) printf '[project]\ndependencies = ["pytest-benchmark"]\n' >pyproject.toml; touch asv.conf.json meson.build ;;
                4) printf 'find_package(benchmark)\n' >CMakeLists.txt ;;
                5) cat >>perfledger.yaml <<'Y' ;;
build: "  echo '${{ github.token }}' @branch@ \"$HOME\" # 'it'"
Y
                esac
                "$@"
            ) || return 1
        done
    done
}
