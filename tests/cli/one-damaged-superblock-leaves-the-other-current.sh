# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# One damaged copy is reported, the other is used, and repairs it. Not so where the copy
# may be of something else, or of a newer version: then nothing is used and nothing written.
. "$CLI_LIB"

# damage COPY KIND
damage()
{
	local off=0

	[ "$1" = 0 ] || off=$secondary
	case $2 in
	magic) scribble r.img "$off" 8 ;;
	checksum) scribble r.img $((off + 300)) 8 ;;
	table)
		printf '\125\252' | dd of=r.img bs=1M oflag=seek_bytes \
			seek=$((off + 510)) conv=notrunc status=none
		;;
	version) "$POKE" r.img super "$1" version 2 ;;
	incompat) "$POKE" r.img super "$1" incompat 1 ;;
	slots) "$POKE" r.img super "$1" slots_nr 1000000 ;;
	state) "$POKE" r.img super "$1" state 9 ;;
	beyond) "$POKE" r.img super "$1" region_bytes $((1 << 40)) ;;
	zeros) zero r.img "$off" 4096 ;;
	seed) "$POKE" r.img super "$1" table_seed 5 ;;
	esac
}

declare -A token=([magic]=foreign [checksum]=checksum [table]=overwritten
	[version]=version [incompat]=incompat [slots]=geometry [state]=geometry
	[beyond]=truncated [zeros]=foreign)
declare -A advice=([magic]="something else was written over the region"
	[table]="something else was written over the region"
	[zeros]="something else was written over the region"
	[version]="use the version of pmemswap that formatted it"
	[incompat]="use the version of pmemswap that formatted it"
	[slots]="only a new format helps" [state]="only a new format helps"
	[beyond]="give the device its size back")

prepare()
{
	rm -f r.img
	new_image r.img --label kept
	"$POKE" r.img table 0 3 77
	secondary=$(at r.img super_off1)
	damage "$1" "$2"
	copy r.img before
}

# repaired COPY KIND
repaired()
{
	expect 4 fmt inspect --json r.img
	is "status of copy $1" "$(json ".superblocks[$1].status")" "${token[$2]}"
	is current "$(json ".superblocks[$((1 - $1))].current")" true
	is label "$(json .region.label)" kept
	expect 4 fmt check r.img
	says "errors are left; --repair"

	expect 1 fmt check --repair r.img
	says "repaired: 1 superblocks" "r.img: repaired"
	expect 0 fmt check r.img
	expect 0 fmt inspect --json r.img
	is label "$(json .region.label)" kept
	is wear "$(json .wear.min)" 77
}

# refused COPY KIND
refused()
{
	expect 8 fmt inspect r.img
	says "no superblock can be used" "${advice[$2]}"
	expect 4 fmt check r.img
	says "${advice[$2]}"
	case $out$err in
	*--repair*) fail "a repair is advised: $out$err" ;;
	esac
	expect 4 fmt check --repair r.img
	says "r.img: errors-left"
	expect 4 fmt check --json --repair r.img
	is "status of copy $1" "$(json ".superblocks[$1].status")" "${token[$2]}"
	is result "$(json .result)" errors-left
	cmp r.img before
}

for kind in "${!token[@]}"; do
	prepare 1 "$kind"
	case $kind in
	version | incompat) refused 1 "$kind" ;;
	*) repaired 1 "$kind" ;;
	esac
	prepare 0 "$kind"
	case $kind in
	checksum) repaired 0 "$kind" ;;
	*) refused 0 "$kind" ;;
	esac
done

# The primary is not stale by its seed: the secondary is.
token[seed]=stale
prepare 1 seed
repaired 1 seed
