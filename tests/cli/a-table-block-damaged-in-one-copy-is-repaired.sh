# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The other copy is current, and repair writes it over the damaged one.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 4 100
"$POKE" r.img table 1 5 200
"$POKE" r.img bad 0 9 1
scribble r.img $(($(at r.img table_off1) + 2 * BLOCK + 500))

expect 4 fmt inspect --json r.img
is "least wear" "$(json .wear.min)" 100
is "slots that fell back" "$(json '[.wear.histogram[] | select(.from == 100)][0].slots')" 252
expect 4 fmt check --json r.img
is "damaged in copy 1" "$(json '.table.blocks_damaged[1]')" 1
is block "$(json '.table.damaged[0].block')" 2
is result "$(json .result)" errors-left

expect 1 fmt check --repair r.img
says "1 table blocks, from the other copy"
expect 0 fmt check r.img
expect 0 fmt inspect --json --slots 503-504 r.img
is "wear of the block before" "$(json '.slots[0].wear')" 200
is "wear of the repaired block" "$(json '.slots[1].wear')" 100
