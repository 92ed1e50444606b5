#!/bin/bash
# A comparison by GNU parallel, on this machine or on several:
#
#   bash parallel.sh --rules nlr,adam --seeds 40 --out study
#
# NLR_SHARDS   parts that the comparison is divided into (default: 8)
# NLR_VQA      how the command is called (default: npx nlr-vqa)
# PARALLEL     more options of GNU parallel, such as '--sshloginfile hosts --workdir .' where the machines share a folder
#
# Run again after an interruption it goes on. A comparison that tunes takes two rounds.
set -euo pipefail
shards=${NLR_SHARDS:-8}
study=
for ((i = 1; i <= $#; i++)); do
  next=$((i + 1))
  case ${!i} in
    --out) study=${!next-} ;;
    --out=*) word=${!i}; study=${word#--out=} ;;
  esac
done
[ -n "$study" ] || { echo "parallel.sh: give --out FOLDER, where the parts meet" >&2; exit 2; }

# shellcheck disable=SC2086 # the command may be of several words
round() {
  # A part has a thread; parallel has a job for each processor.
  parallel --halt soon,fail=1 --line-buffer --quote \
    ${NLR_VQA:-npx nlr-vqa} compare "$@" --shard "{}/$shards" --threads 1 --quiet ::: $(seq "$shards") >&2
}
# shellcheck disable=SC2086
merge() {
  ${NLR_VQA:-npx nlr-vqa} merge "$study" --out "$study"
}
round "$@"
# Only now does a comparison that tunes know what it compares.
merge 2>/dev/null || { round "$@"; merge; }
