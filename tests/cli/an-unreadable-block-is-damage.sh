# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# An I/O error of the medium is reported as an unreadable block, and the other copy is used.
. "$CLI_LIB"

new_image r.img --label kept
"$POKE" r.img table 0 4 100
"$POKE" r.img table 1 5 200
poisoned()
{
	local off=$1

	shift
	env LD_PRELOAD="$POISON_SO" POISON_OFF="$off" "$PMEMSWAP_FMT" "$@"
}

expect 4 poisoned 0 inspect --json r.img
is status "$(json '.superblocks[0].status')" unreadable
is label "$(json .region.label)" kept
expect 4 poisoned "$(at r.img super_off1)" check r.img
says "secondary superblock at" "unreadable (I/O error)"

block=$(($(at r.img table_off1) + 3 * BLOCK))
expect 4 poisoned "$block" check --json r.img
is block "$(json '.table.damaged[0].block')" 3
is status "$(json '.table.damaged[0].status')" unreadable
expect 4 poisoned "$block" inspect --json --slots 756,1008 r.img
is "wear by the other copy" "$(json '.slots[0].wear')" 100
is "wear beside it" "$(json '.slots[1].wear')" 200

expect 4 poisoned "$(at r.img bad_off)" check --json r.img
is "unreadable blocks of the list" "$(json .bad_list.unreadable_blocks)" 1

# A page that cannot be written either: the repair fails and says so.
expect 8 poisoned "$block" check --repair r.img
says "cannot write block 3 of copy 1"

# A block that was never written is not lost, even if it cannot be read.
new_image new.img
block=$(($(at new.img table_off1) + 3 * BLOCK))
expect 4 poisoned "$block" check --json new.img
is status "$(json '.table.damaged[0].status')" unreadable
is "blocks lost" "$(json .table.blocks_lost)" 0
expect 8 poisoned "$block" check --repair new.img
says "cannot write block 3 of copy 1"

# Poison that a write clears is gone after a repair, under a superblock too.
expect 1 env POISON_CLEARS=1 LD_PRELOAD="$POISON_SO" POISON_OFF=0 \
	"$PMEMSWAP_FMT" check --repair new.img
expect 0 fmt check new.img
