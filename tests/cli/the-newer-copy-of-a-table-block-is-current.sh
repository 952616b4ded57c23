# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# After an interrupted checkpoint each block with the newer generation is current.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 4 100
"$POKE" r.img table 1 5 200
"$POKE" r.img block 0 0 6 300
"$POKE" r.img block 0 1 6 300
expect 0 fmt check r.img
expect 0 fmt inspect --json --slots 0,503,504 r.img
is "wear by the new write" "$(json '.slots[0].wear')" 300
is "wear by the new write" "$(json '.slots[1].wear')" 300
is "wear by the last complete write" "$(json '.slots[2].wear')" 200
