# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Without a superblock nothing is used and nothing is written.
. "$CLI_LIB"

# damage KIND: in both copies
damage()
{
	local copy off

	for copy in 0 1; do
		off=$((copy * secondary))
		case $1 in
		checksum) scribble r.img $((off + 300)) 8 ;;
		version) "$POKE" r.img super "$copy" version 2 ;;
		incompat) "$POKE" r.img super "$copy" incompat 0x8000000000000000 ;;
		blocks) "$POKE" r.img super "$copy" table_blocks 1 ;;
		offset) "$POKE" r.img super "$copy" data_off 4096 ;;
		slots) "$POKE" r.img super "$copy" slots_nr 0xffffffffffffffff ;;
		beyond) "$POKE" r.img super "$copy" region_bytes 0xfffffffffffff000 ;;
		tiny) "$POKE" r.img super "$copy" region_bytes 4096 ;;
		esac
	done
}

declare -A text=([checksum]="wrong checksum" [version]="unknown format version"
	[incompat]="features unknown" [blocks]="impossible geometry"
	[offset]="impossible geometry" [slots]="impossible geometry"
	[beyond]="larger than the device" [tiny]="impossible geometry")

declare -A advice=([version]="use the version of pmemswap that formatted it"
	[incompat]="use the version of pmemswap that formatted it"
	[beyond]="give the device its size back")

for kind in "${!text[@]}"; do
	rm -f r.img
	new_image r.img
	secondary=$(at r.img super_off1)
	damage "$kind"
	cp --sparse=always r.img before
	expect 8 fmt inspect r.img
	says "primary superblock is" "${text[$kind]}" \
		"${advice[$kind]:-only a new format helps}"
	expect 4 fmt check r.img
	expect 4 fmt check --repair r.img
	expect 4 fmt check --json r.img
	is result "$(json .result)" errors-left
	cmp r.img before
	expect 0 fmt format --yes r.img
	expect 0 fmt check r.img
done
