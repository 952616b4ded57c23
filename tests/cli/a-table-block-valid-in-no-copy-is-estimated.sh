# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Repair gives its slots the mean wear of the others, says so, and keeps bad slots.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 4 100
"$POKE" r.img table 1 5 200
"$POKE" r.img bad 0 3 1
scribble r.img $(($(at r.img table_off0) + 64))
scribble r.img $(($(at r.img table_off1) + 64))

expect 4 fmt inspect --json --slots 0,252 r.img
is "slots lost" "$(json .table.slots_lost)" 252
is "slot 0 is lost" "$(json '.slots[0].lost')" true
is "wear of slot 252" "$(json '.slots[1].wear')" 200
expect 4 fmt check r.img
says "damaged, and no copy is valid" "the wear of 252 slots is lost"

expect 1 fmt check --repair r.img
says "1 table blocks without a valid copy" "estimate, 200"
expect 0 fmt check r.img
expect 0 fmt inspect --json --slots 0,3 r.img
is "wear of slot 0" "$(json '.slots[0].wear')" 200
is "slot 3 is bad" "$(json '.slots[1].bad')" true
