# Help for newcomers, typos and pipes.
. "$CASE_LIB"
perfledger help >overview
holds overview 'perfledger help run'
perfledger >out 2>err
same bare $? 2
cmp -s overview err || { echo 'without a command, help goes to stderr'; exit 1; }
status 0 perfledger run --help
holds out '--rounds'
status 0 perfledger --version
cat out
status 0 perfledger version --json
status 2 perfledger cehck
cat err
status 2 perfledger run --ronds 3
cat err
status 2 perfledger run --rounds
cat err
status 2 perfledger run --rounds ten -- true
cat err
status 2 perfledger check extra
cat err
status 2 perfledger --color sometimes list
cat err
status 2 perfledger -C absent list
status 0 perfledger help run --man
holds out '.SH OPTIONS'
for shell in bash zsh fish; do status 0 perfledger completion $shell; holds out 'baseline'; done
status 2 perfledger completion tcsh
cat err
perfledger help | head -n 1
