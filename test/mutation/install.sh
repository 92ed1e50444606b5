#!/usr/bin/env bash
# Installs Stryker into test/mutation/node_modules, for `npm run mutate:host` alone. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/.of-lock && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/.of-lock
