# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Lost slots are counted, and the exit code says that the region is damaged.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 1 100
"$POKE" r.img bad 0 5 1
scribble r.img $(($(at r.img table_off0) + BLOCK))
expect 4 fmt wear r.img
says "slots whose wear is lost: 252" "bad slots: 1" "pmemswap-fmt check"
expect 4 fmt wear --json --map r.svg r.img
is "slots lost" "$(json .slots_lost)" 252
grep -q '#b4b8bc' r.svg
