# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The wear goes; slots of the list and slots that only the table marks stay bad.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 7 1000
"$POKE" r.img bad 0 5 2
"$POKE" r.img entry 0 300 1000 2 0 0 0
expect 0 fmt format -y --reset-wear r.img
says "the wear of the old region is forgotten"
expect 0 fmt check r.img
expect 0 fmt inspect --json r.img
is "most wear" "$(json .wear.max)" 0
is "blocks never written" "$(json .table.blocks_never_written)" "$(at r.img table_blocks)"
is "bad slots" "$(json '[.bad_slots[].slot] | join(" ")')" "5 300"
is reason "$(json '.bad_slots[0].reason')" 2
