# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Wear, totals and bad slots outlive a format that changes only the name.
. "$CLI_LIB"

new_image r.img --label old
"$POKE" r.img table 0 7 1000
"$POKE" r.img bad 0 5 1
"$POKE" r.img super 0 slot_writes 123456
"$POKE" r.img super 1 slot_writes 123456
expect 0 fmt format -y --label new r.img
says "its wear is kept"
expect 0 fmt check r.img
expect 0 fmt inspect --json r.img
is label "$(json .region.label)" new
is "least wear" "$(json .wear.min)" 1000
is "most wear" "$(json .wear.max)" 1000
is "slot writes" "$(json .life.slot_writes)" 123456
is "bad slot" "$(json '.bad_slots[0].slot')" 5
is generation "$(json '.table.copies[0].generation')" 7
