# shellcheck shell=bash
# check.sh: the verbs check and bench.
