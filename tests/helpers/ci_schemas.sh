#!/bin/sh
# Brings GitHub's own workflow parser and GitLab's schema, from npm, for tests/cli/ci/schema.sh.
#
#   tests/helpers/ci_schemas.sh FOLDER      (build/ci-schemas); exit status 1: not to be had here, that case is skipped
set -eu
folder=$1
[ ! -e "$folder/complete" ] || exit 0
command -v npm >/dev/null && command -v node >/dev/null || exit 1
mkdir -p "$folder"
printf '{"private": true}\n' >"$folder/package.json"
(cd "$folder" && timeout 120 npm install --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
    @actions/workflow-parser@0.3.61 gitlab-ci-local@4.56.0) >"$folder/log" 2>&1 || exit 1
: >"$folder/complete"
