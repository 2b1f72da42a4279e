# The default branch is the remote's, else main or master, else the one at hand: what the log and CI go by.
. "$CASE_LIB"
git config --global user.name A
git config --global user.email a@b
git init -q -b trunk there
cd there || exit 1
status 0 perfledger init
holds perfledger.yaml 'default_branch: "trunk"'
git add -A
git commit -qm first
status 0 perfledger run -q -- true
cd .. || exit 1
# a clone asks its remote, whatever is checked out
git clone -q there here
cd here || exit 1
git checkout -q -b feature
status 0 perfledger init --force
holds perfledger.yaml 'default_branch: "trunk"'
cd .. || exit 1
# the usual name, although another branch is checked out
git init -q -b master old
cd old || exit 1
git commit -q --allow-empty -m first
git checkout -q -b feature
status 0 perfledger init
holds perfledger.yaml 'default_branch: master'
cd .. || exit 1
# no git
mkdir plain
cd plain || exit 1
status 0 perfledger init
holds perfledger.yaml 'default_branch: main'
