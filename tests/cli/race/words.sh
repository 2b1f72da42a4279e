# What contenders may be called, and what is said of words that name none.
. "$CASE_LIB"
# no repository: nothing is a revision
status 2 perfledger race HEAD~1 HEAD
holds err '`HEAD~1` is no revision that git knows in '
repo
git tag true
printf '#!/bin/sh\n' >here.sh
chmod +x here.sh
status 2 perfledger race
holds err 'a race needs two contenders at least, 0 given; for instance `perfledger race '
status 2 perfledger race 'sleep 1'
holds err 'a race needs two contenders at least, 1 given'
status 2 perfledger race main nosuch
holds err '`nosuch` is no revision that git knows in '
holds err 'no program along PATH and no file'
status 2 perfledger race true main
holds err '`true` is a revision and a program; write rev:true or cmd:true'
status 2 perfledger race cmd:true main
holds err '`true` is a command and `main` is a revision: commands race commands'
status 2 perfledger race . 'sleep 1'
holds err '`.` is a revision and `sleep 1` is a command'
status 2 perfledger race cmd: true
holds err '`cmd:` names no contender'
status 2 perfledger race '' 'sleep 1'
holds err 'names no contender'
status 2 perfledger race rev:true rev:main
holds err 'no perfledger.yaml in '
status 2 perfledger race rev:true rev:main -n a
holds err '--name names commands'
status 2 perfledger race cmd:true cmd:false --suite x
holds err '--suite selects what revisions are measured by'
status 2 perfledger race cmd:true cmd:false --max-cv 10%
holds err '--max-cv belongs to --bar'
status 2 perfledger race cmd:true cmd:false --same-output=5
holds err '--same-output: `5` is no relative difference'
status 2 perfledger race cmd:true cmd:false --fail-on slower
holds err '--fail-on: `slower` is none of'
status 2 perfledger race cmd:true cmd:false --bar 0x
holds err '--bar'
status 0 perfledger race ./here.sh cmd:./here.sh --max-time 300ms --no-record
# a folder is no program
mkdir -p folder/below
status 2 perfledger race folder true --no-record
holds err '`folder` is no revision'
status 2 perfledger race ./folder/below true --no-record
