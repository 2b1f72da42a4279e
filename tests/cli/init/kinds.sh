# init fits what it finds, keeps what is there, and what it writes can be run.
. "$CASE_LIB"
repo
printf 'project(plate C)\n' >CMakeLists.txt
status 0 perfledger init
holds out 'CMakeLists.txt'
holds perfledger.yaml 'plate'
holds .gitignore '.perfledger/'
status 2 perfledger init
holds err '--force'
status 0 perfledger init --force
status 0 perfledger run --list
same once "$(grep -c '^.perfledger/$' .gitignore)" 1
# what is not sure is a comment, and the first run measures all the same
status 0 perfledger run -r 5 -w 0
holds out 'example'
grep -q '^  # - name: startup$' perfledger.yaml || { cat perfledger.yaml; exit 1; }
# a folder of a project that has one already
mkdir -p part/er
status 2 perfledger -C part/er init
holds err "$PWD/perfledger.yaml governs"
holds err '--force'
[ ! -e part/er/perfledger.yaml ] || { echo 'it was written'; exit 1; }
status 0 perfledger -C part/er init --force
# a program that the Makefile names is measured once it is built
mkdir "$HOME/made"
cd "$HOME/made" || exit 1
printf 'sorted: sorted.o\n\tcc -o $@ sorted.o\n' >Makefile
status 0 perfledger init
holds perfledger.yaml 'command: ./sorted --version'
status 6 perfledger run
holds out './sorted'
printf '#!/bin/sh\necho 1.0\n' >sorted
chmod +x sorted
status 0 perfledger run -r 5 -w 0
same measured "$(perfledger show --json | json 'sorted(set(r["benchmark"] for r in d["results"]))')" '["startup"]'
