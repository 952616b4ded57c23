# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# --slots shows wear, owner, flags and sum; owners are counted by area.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 1 10
"$POKE" r.img entry 0 4 11 1 0xffff 77 0xdeadbeef
"$POKE" r.img entry 0 20 12 1 3 78 1
"$POKE" r.img entry 0 21 12 2 0 0 0
future=$(($(date +%s) + 1000))
"$POKE" r.img super 0 checkpoint_time "$future"
"$POKE" r.img super 1 checkpoint_time "$future"

expect 0 fmt inspect --slots 3-4,20-21 r.img
says "deadbeef  disk offset 77" "swap area 3 offset 78" "bad" \
	"disk: 1" "swap area 3: 1" "slots used at the last checkpoint: 2"
is "lines of slots" "$(printf '%s\n' "$out" | grep -c -E '^ +(3|4|20|21) ')" 4
expect 0 fmt inspect --json --slots 4 r.img
is offset "$(json '.slots[0].owner_offset')" 77
is sum "$(json '.slots[0].sum')" $((0xdeadbeef))
is area "$(json '.owners[1].area')" 65535
is disk "$(json '.owners[1].disk')" true

# Owners do not outlive a format that keeps the wear.
"$POKE" r.img super 0 checkpoint_time 1
"$POKE" r.img super 1 checkpoint_time 1
expect 0 fmt inspect r.img
says "slots used: 0 since the format"

last=$(($(at r.img slots_nr) - 1))
expect 0 fmt inspect --slots "$last" r.img
expect 16 fmt inspect --slots $((last + 1)) r.img
says "there is no slot"
for wrong in x 5-3 1- -1 1,,2 18446744073709551616 ''; do
	expect 16 fmt inspect --slots "$wrong" r.img
done
