# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Without a terminal and without --yes, a region stays, also one that cannot be used.
. "$CLI_LIB"

# asks TEXT...: a format is refused for want of --yes, says this, and writes nothing
asks()
{
	copy r.img before
	expect 8 fmt format r.img
	says "to format it again needs --yes" "$@"
	cmp r.img before
}

new_image r.img
asks "holds a pmemswap region already"
expect 0 fmt format --yes r.img
cmp -s r.img before && fail "nothing was formatted"

# One superblock is enough, whatever it is.
zero r.img 0 4096
asks "holds a pmemswap region that cannot be used" "something else was written over"
expect 0 fmt format --yes r.img
zero r.img "$(at r.img super_off1)" 4096
asks "holds a pmemswap region already"
"$POKE" r.img super 0 version 2
asks "of an unknown format version" "use the version of pmemswap that formatted it"
"$POKE" r.img super 0 version 1
"$POKE" r.img super 0 incompat 4
asks "features unknown" "use the version of pmemswap that formatted it"
"$POKE" r.img super 0 incompat 0
scribble r.img 300
asks "damaged (wrong checksum)"

# A namespace that was made smaller.
rm r.img
new_image r.img
truncate -s 40M r.img
asks "truncated" "give the device its size back"

# Neither copy has the magic: a format that was interrupted, or none.
truncate -s 64M other.img
expect 0 fmt format other.img
zero other.img 0 8
zero other.img $(((64 << 20) - BLOCK)) 8
expect 0 fmt format other.img
