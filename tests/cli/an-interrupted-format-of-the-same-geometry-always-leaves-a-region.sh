# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Interrupted at every write of a format that keeps the wear: an atomic switch.
. "$CLI_LIB"

no_sync
expect 0 fmt format --size 16M --label old before.img
"$POKE" before.img table 0 3 100
"$POKE" before.img table 1 4 200
"$POKE" before.img bad 0 7 1

# Whichever superblock is the newer one, and whichever is damaged.
newer_secondary()
{
	"$POKE" before.img super 1 sequence 3
}
damaged_primary()
{
	scribble before.img 600
}

for prepare in : newer_secondary damaged_primary; do
	$prepare
	old=0 new=0
	for number in 1 2; do
		for part in 0 8 16 24 32 48 64 80 96 512 4088 tail:8 tail:64 tail:4080 4096; do
			copy before.img r.img
			interrupt "$number" "$part" format -y --label new r.img ||
				fail "no write number $number"
			fmt inspect --json r.img > .out 2> .err || [ $? = 4 ] ||
				fail "no region after write $number, $part bytes"
			out=$(cat .out)
			is wear "$(json .wear.min)" 200
			is "bad slots" "$(json '.bad_slots[0].slot')" 7
			case $(json .region.label) in
			old) old=$((old + 1)) ;;
			new) new=$((new + 1)) ;;
			*) fail "neither the old nor the new region" ;;
			esac
			fmt check --repair r.img > /dev/null 2>&1 || [ $? = 1 ] ||
				fail "not repaired after write $number, $part bytes"
			expect 0 fmt check r.img
		done
	done
	copy before.img r.img
	interrupt 3 0 format -y --label new r.img && fail "a third write"
	if [ "$old" = 0 ] || [ "$new" = 0 ]; then
		fail "old $old, new $new"
	fi
done
