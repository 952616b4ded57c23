# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A block that cannot be read may be data of somebody else. It is written only if the
# other superblock is valid, which says that the block is one.
. "$CLI_LIB"

need mkswap

# The block at an offset cannot be read, and a write to it would clear that.
poisoned()
{
	local off=$1

	shift
	env POISON_CLEARS=1 LD_PRELOAD="$POISON_SO" POISON_OFF="$off" "$PMEMSWAP_FMT" "$@"
}

# Something else is there, and no superblock is left.
new_image swap.img
secondary=$(at swap.img super_off1)
zero swap.img "$secondary" $BLOCK
mkswap swap.img > /dev/null
copy swap.img before
expect 8 poisoned 0 wipe --yes --force --dry-run swap.img
says "the primary superblock at 0 cannot be read, and is left alone"
expect 8 poisoned 0 wipe --yes --force swap.img
says "the primary superblock at 0 cannot be read, and is left alone"
cmp swap.img before

# Beside a damaged superblock, only that is wiped.
new_image damaged.img
copy damaged.img before
scribble damaged.img $((secondary + 100))
expect 8 poisoned 0 wipe --yes damaged.img
says "secondary superblock at $secondary: wiped" "cannot be read, and is left alone"
cmp --bytes=$BLOCK damaged.img before
expect 0 fmt wipe --yes damaged.img
says "primary superblock at 0: wiped"

# Beside a valid superblock, both are wiped.
for off in 0 "$secondary"; do
	rm -f r.img
	new_image r.img
	expect 0 poisoned "$off" wipe --yes r.img
	says "primary superblock at 0: wiped" "secondary superblock at $secondary: wiped"
	expect 8 fmt check r.img
	says "not a pmemswap region"
done
