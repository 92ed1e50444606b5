#!/usr/bin/env bash
# Installs the programs that the tests of the package run beside it, into test/tools/node_modules: bundlers, checks of
# what is published, typedoc. What is there already stays.
#
#   bash test/tools/install.sh
set -euo pipefail
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/.of-lock && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/.of-lock
