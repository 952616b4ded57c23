# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A block that is valid in no copy is estimated. The bad-slot list alone then tells
# which of its slots are bad. If the list may lack one, all of them are bad.
. "$CLI_LIB"

# lose_first_block FILE: damage block 0 of the slot table in both copies
lose_first_block()
{
	"$POKE" "$1" table 0 4 100
	"$POKE" "$1" table 1 5 200
	scribble "$1" $(($(at "$1" table_off0) + 64))
	scribble "$1" $(($(at "$1" table_off1) + 64))
}

# repair_retires FILE: a repair marks all slots of the lost block, and says so
repair_retires()
{
	expect 1 fmt check --repair --json "$1"
	is "slots retired" "$(json .repaired.slots_retired)" 252
	expect 0 fmt check "$1"
	expect 0 fmt inspect --json --slots 0,251,252 "$1"
	is "bad slots" "$(json '[.slots[].bad] | join(" ")')" "true true false"
}

new_image full.img
for ((i = 0; i < 1024; i++)); do
	"$POKE" full.img bad "$i" $((1000 + i)) 1
done
lose_first_block full.img
copy full.img text.img
expect 1 fmt check --repair text.img
says "all 252 slots of them are retired, as the bad-slot list is full or damaged"
repair_retires full.img

new_image torn.img
"$POKE" torn.img bad 0 1000 1
"$POKE" torn.img bad 1 1001 1
# The first four bytes name the slot.
scribble torn.img "$(at torn.img bad_off)" 4
lose_first_block torn.img
repair_retires torn.img
