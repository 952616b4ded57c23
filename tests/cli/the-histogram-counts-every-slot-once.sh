# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Its rows cover the wear from least to most, however wide the band.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 1 1000000
"$POKE" r.img block 0 0 1 0
"$POKE" r.img block 0 1 1 2147483648
"$POKE" r.img block 0 2 1 1000003
# So many slot writes that all wear up to 2^31 is possible.
"$POKE" r.img super 0 slot_writes $((20000000 * $(at r.img slots_nr)))
expect 0 fmt inspect --json r.img
is min "$(json .wear.min)" 0
is max "$(json .wear.max)" 2147483648
is sum "$(json '[.wear.histogram[].slots] | add')" "$(at r.img slots_nr)"
is "first row starts" "$(json '.wear.histogram[0].from')" 0
is "last row ends" "$(json '.wear.histogram[-1].to')" 2147483648
is mean "$(json '.wear.mean | floor')" \
	"$(awk -v n="$(at r.img slots_nr)" 'BEGIN {
		printf "%d", ((n - 756) * 1e6 + 252 * 2147483648 + 252 * 1000003) / n }')"
expect 0 fmt inspect r.img
says "##"

# A narrow band far from zero keeps its resolution.
"$POKE" r.img table 0 2 1000000
"$POKE" r.img block 0 0 2 1000003
expect 0 fmt inspect --json r.img
is rows "$(json '.wear.histogram | length')" 4
