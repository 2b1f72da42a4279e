# bash completion for perfledger, made by `perfledger completion bash`
_perfledger() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -C|--directory|--config|--ledger|--color) ((i++)) ;;
        -*) ;;
        *) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $command:$before in
        *:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
        run:--tier) COMPREPLY=($(compgen -W 'smoke deep longhaul' -- "$word")); return ;;
        race:--tier) COMPREPLY=($(compgen -W 'smoke deep longhaul' -- "$word")); return ;;
        race:--format) COMPREPLY=($(compgen -W 'terminal markdown junit json' -- "$word")); return ;;
        check:--format) COMPREPLY=($(compgen -W 'terminal markdown junit github json' -- "$word")); return ;;
        check:--sort) COMPREPLY=($(compgen -W 'name ratio time' -- "$word")); return ;;
        compare:--format) COMPREPLY=($(compgen -W 'terminal markdown junit github json' -- "$word")); return ;;
        compare:--sort) COMPREPLY=($(compgen -W 'name ratio time' -- "$word")); return ;;
        changes:--better) COMPREPLY=($(compgen -W 'lower higher' -- "$word")); return ;;
        changes:--fail-on) COMPREPLY=($(compgen -W 'none worse any' -- "$word")); return ;;
        targets:--format) COMPREPLY=($(compgen -W 'terminal markdown json' -- "$word")); return ;;
        import:--better) COMPREPLY=($(compgen -W 'lower higher neither' -- "$word")); return ;;
        export:--every) COMPREPLY=($(compgen -W 'run day week month' -- "$word")); return ;;
        log:--kind) COMPREPLY=($(compgen -W 'optimisation baseline diagnosis' -- "$word")); return ;;
        init:--ci) COMPREPLY=($(compgen -W 'auto github gitlab make' -- "$word")); return ;;
    esac
    case $command in
    '') words='run race doctor check compare changes targets baseline list show void note alias prune import export log init ci completion version help --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    run) words=' --rounds -r --min-rounds -m --max-rounds -M --owed --since --max-time --tier --name -n --label --parameter-list -L --parameter-scan -P --parameter-step-size -D --warmup -w --timeout --setup -s --prepare -p --conclude --cleanup -c --validate --shell -S --no-shell -N --ignore-failure -i --input --output --cwd --env --clean-env --pin --memory-tree --show-output --seed --reference --allow-few --no-record --export-json --export-markdown --list --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    race) words=' --max-time --tolerance --metric --suite --tier --rebuild --bar --max-cv --same-output --name -n --inside --seed --warmup -w --timeout --setup -s --prepare -p --conclude --cleanup -c --validate --shell -S --no-shell -N --ignore-failure -i --input --output --cwd --env --clean-env --pin --memory-tree --format --report --fail-on --strict --label --no-record --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    doctor) words=' --max-time --reset-yardsticks --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    check) words=' --run --against --no-confirm --max-time --format --report --metric --tolerance --sort --fail-on --strict --allow-machine-change --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    compare) words=' --by --reference --group-by --format --report --metric --tolerance --sort --fail-on --strict --allow-machine-change --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    changes) words='acknowledge expect rebase --csv --metric --better --false-alarms --fail-on --all --why --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    targets) words=' --run --format --allow-unmeasured --strict --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    baseline) words='save list show use reset --run --all --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    list) words=' --last --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    show) words=' --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    void) words=' --why --undo --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    note) words=' --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    alias) words='add list remove --variant --benchmark --note --force --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    prune) words=' --older-than --keep-last --machine --dry-run --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    import) words=' --format --suite --label --unit --better --date --revision --dry-run --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    export) words=' --format --output -o --history --every --metric --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    log) words='add snapshot trend latest audit retract merge owed --base --head --title --kind --pr --area --benchmark --metric --cause --note --external --why --since --suites --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    init) words=' --force --ci --source --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    ci) words='github gitlab make --source --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    completion) words='bash zsh fish --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    version) words=' --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    help) words=' --man --directory -C --config --ledger --json --color --quiet -q --verbose -v --help -h ' ;;
    *) words= ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _perfledger perfledger
