# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# At every write: the primary is whole, or no superblock is used.
. "$CLI_LIB"

no_sync
expect 0 fmt format --size 16M --label kept before.img
"$POKE" before.img table 0 3 100

number=1 kept=0 none=0
copy before.img r.img
while interrupt "$number" 0 wipe --yes r.img; do
	for part in 0 8 16 48 512 2048 tail:8 tail:512 tail:4080 4096; do
		copy before.img r.img
		interrupt "$number" "$part" wipe --yes r.img || fail "no write number $number"
		if out=$(fmt inspect --json r.img 2> .err) || [ $? = 4 ]; then
			is label "$(json .region.label)" kept
			is wear "$(json .wear.min)" 100
			is "current copy" "$(json '.superblocks[0].current')" true
			kept=$((kept + 1))
		else
			none=$((none + 1))
		fi
		expect 0 fmt wipe --yes r.img
		expect 8 fmt check r.img
		says "not a pmemswap region"
	done
	number=$((number + 1))
	copy before.img r.img
done
is writes $((number - 1)) 2
if [ "$kept" = 0 ] || [ "$none" = 0 ]; then
	fail "kept $kept, none $none"
fi
