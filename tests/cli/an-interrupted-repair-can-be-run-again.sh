# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Interrupted at every write of a repair: nothing that survived the damage is lost.
. "$CLI_LIB"

no_sync
expect 0 fmt format --size 16M --label kept damaged.img
"$POKE" damaged.img table 0 4 100
"$POKE" damaged.img table 1 5 200
list=$(at damaged.img bad_off)
table=$(at damaged.img table_off1)
for i in 0 1 2 3 4; do
	"$POKE" damaged.img bad "$i" $((10 + i)) 2
done
scribble damaged.img $((list + 16)) 16
zero damaged.img $((list + 48)) 16
scribble damaged.img $((table + 2 * BLOCK + 500))
scribble damaged.img 700

number=1
copy damaged.img r.img
while interrupt "$number" 0 check --repair r.img; do
	for part in 0 8 16 24 32 64 512 4088 tail:8 tail:4048 tail:4080 4096; do
		copy damaged.img r.img
		interrupt "$number" "$part" check --repair r.img ||
			fail "no write number $number"
		fmt check --repair r.img > /dev/null 2>&1 || [ $? = 1 ] ||
			fail "not repaired after write $number, $part bytes"
		expect 0 fmt check r.img
		expect 0 fmt inspect --json r.img
		is label "$(json .region.label)" kept
		is "least wear" "$(json .wear.min)" 100
		is "most wear" "$(json .wear.max)" 200
		is "bad slots" "$(json '[.bad_slots[].slot] | join(" ")')" "10 12 14"
	done
	number=$((number + 1))
	copy damaged.img r.img
done
[ "$number" -gt 8 ] || fail "only $number writes were seen"
