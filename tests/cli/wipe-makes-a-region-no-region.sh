# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Only the two superblocks are written; it asks, and leaves alone what is not ours.
. "$CLI_LIB"

need mkswap sfdisk

# supers_differ: how many blocks were written since "before", and which
supers_differ()
{
	cmp -l before r.img | awk -v last="$secondary" '
		$1 <= 4096 { primary = 1; next }
		$1 > last { secondary = 1; next }
		{ other = 1 }
		END { print primary + 0, secondary + 0, other + 0 }'
}

new_image r.img
"$POKE" r.img table 0 3 77
secondary=$(at r.img super_off1)
copy r.img before
expect 8 fmt wipe r.img
says "holds a pmemswap region already" "to wipe it needs --yes"
expect 0 fmt wipe --dry-run r.img
says "secondary superblock at $secondary: would be wiped" "nothing was written"
cmp r.img before
expect 0 fmt wipe --yes r.img
says "primary superblock at 0: wiped" "secondary superblock at $secondary: wiped"
is "blocks written" "$(supers_differ)" "1 1 0"
expect 8 fmt check r.img
says "not a pmemswap region"
expect 0 fmt wipe r.img
says "has no superblock of pmemswap"
expect 0 fmt format r.img

# A region that cannot be used, and a device that grew: nothing is left.
"$POKE" r.img super 0 version 2
expect 8 fmt wipe r.img
says "use the version of pmemswap that formatted it"
expect 0 fmt wipe --yes r.img
expect 0 fmt format r.img
copy r.img grown.img
truncate -s 96M grown.img
expect 0 fmt format --size 96M last.img
dd if=last.img of=grown.img bs=4096 skip=$(((96 << 20) / BLOCK - 1)) \
	seek=$(((96 << 20) / BLOCK - 1)) conv=notrunc status=none
expect 0 fmt wipe --yes grown.img
says "at $secondary: wiped" "at $(((96 << 20) - BLOCK)): wiped"

# Beside something else, only on request; and then it stays whole.
mkswap r.img > /dev/null
copy r.img before
expect 8 fmt wipe --yes r.img
says "holds something else: swap" "--force"
cmp r.img before
expect 0 fmt wipe --yes --force r.img
is "blocks written" "$(supers_differ)" "0 1 0"
is "what is there" "$(blkid -p -o value -s TYPE r.img)" swap

rm r.img
new_image r.img
echo 'label: dos' | sfdisk -q r.img > /dev/null
copy r.img before
expect 0 fmt wipe --yes --force r.img
is "blocks written" "$(supers_differ)" "0 1 0"
