# The default branch is the remote's, else main or master, else the one at hand: what the log and CI go by.
. "$CASE_LIB"
git config --global user.name A
git config --global user.email a@b
git init -q -b trunk there
cd there
status 0 perfledger init
holds perfledger.yaml 'default_branch: "trunk"'
git add -A
git commit -qm first
status 0 perfledger run -q -- true
cd ..
# a clone asks its remote, whatever is checked out
git clone -q there here
cd here
git checkout -q -b feature
status 0 perfledger init --force
holds perfledger.yaml 'default_branch: "trunk"'
cd ..
# the usual name, although another branch is checked out
git init -q -b master old
cd old
git commit -q --allow-empty -m first
git checkout -q -b feature
status 0 perfledger init
holds perfledger.yaml 'default_branch: master'
cd ..
# no git
mkdir plain
cd plain
status 0 perfledger init
holds perfledger.yaml 'default_branch: main'
