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
