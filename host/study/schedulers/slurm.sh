#!/bin/bash
#SBATCH --job-name=nlr-vqa
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --output=%x-%A-%a.out
# A comparison as an array of Slurm, whose machines share the folder of the study:
#
#   sbatch --wait slurm.sh --rules nlr,adam --seeds 40 --out study
#   npx nlr-vqa merge study --out study
#
# For another number of parts than 8: NLR_SHARDS=200 sbatch --array=1-200 ... ; parts that failed are run again by
# sbatch --array=3,17 with the same NLR_SHARDS. NLR_VQA says how the command is called (default: npx nlr-vqa).
# A comparison that tunes takes two arrays, the second one with --dependency=afterok:JOB of the first.
set -euo pipefail
# shellcheck disable=SC2086 # the command may be of several words
exec ${NLR_VQA:-npx nlr-vqa} compare "$@" \
  --shard "$SLURM_ARRAY_TASK_ID/${NLR_SHARDS:-8}" --threads "${SLURM_CPUS_PER_TASK:-1}"
