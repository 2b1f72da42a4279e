# In a git hook: a revision's program is asked what is inside it without the variables that bind git to the outer repository.
. "$CASE_LIB"
cat >program <<P
#!/bin/sh
[ "\$1" = --list ] || { echo '{"bench":"x","samples_ns":[5]}' >&"\$PERFLEDGER_FD"; exit; }
echo "\${GIT_INDEX_FILE-none}" >>'$PWD/asked'
echo x
P
chmod +x program
cat >perfledger.yaml <<'Y'
suites:
  - { name: k, harness: perfledger, command: ./program }
Y
repo
printf '.perfledger/\nout\nerr\nasked\n' >.gitignore
commit before
echo '# later' >>program
commit after
GIT_INDEX_FILE=$PWD/.git/index perfledger race HEAD~1 HEAD --max-time 1s --no-record >out 2>err
same asked "$(cat asked)" 'none
none'
