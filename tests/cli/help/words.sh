# What is typed after help: a command, a command with its verb, a slip of the fingers.
. "$CASE_LIB"
status 0 perfledger help log
cp out card
status 0 perfledger help log snapshot
cmp -s card out || { echo 'a verb has the card of its command'; exit 1; }
for words in 'log nonesuch' 'log add x' 'run add' lgo 'nonesuch'; do
    # shellcheck disable=SC2086 # words
    status 2 perfledger help $words
    cat err
done
status 2 perfledger log latest
cat err
