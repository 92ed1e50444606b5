#!/usr/bin/env bash
# Installs Istanbul into test/coverage/node_modules, for `npm run coverage` alone. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/.of-lock && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/.of-lock
