# Input, output, working folder, pinning, memory of the tree, a shell by request.
. "$CASE_LIB"
echo data >in
mkdir sub
status 0 perfledger run -r 5 -w 0 --no-record --input ../in --output got --cwd sub --pin 0 --memory-tree --json -- sh -c 'cat; pwd; nproc'
mv out json
same output "$(sed "s,$PWD,DIR," sub/got | tr '\n' ' ')" 'data DIR/sub 1 '
same tree "$(json 'len([r for r in d["results"] if r["metric"]=="peak_rss_tree"])' <json)" 1
status 0 perfledger run -r 5 -w 0 --no-record --shell sh -- 'echo $((1+1)) | grep 2'
status 4 perfledger run -r 5 -w 0 --no-record -- sh -c 'exit 1'
status 0 perfledger run -r 5 -w 0 --no-record -N --clean-env --env A=b --max-time 20s --seed 7 --conclude true --prepare true --cleanup true -- true
status 0 perfledger run -m 5 -M 6 -w 0 --no-record --label x --show-output -- echo seen
holds out seen
status 0 perfledger run -r 5 -w 0 --no-record --shell -- 'echo a | grep a'
