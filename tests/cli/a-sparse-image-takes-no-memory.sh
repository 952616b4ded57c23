# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Commands that only read allocate nothing for the holes of an image, on tmpfs too. A full
# file system is said to be full, and is no damage.
. "$CLI_LIB"

[ "$(id -u)" = 0 ] || skip "mounting needs root"
mkdir memory
mount -t tmpfs -o size=8M tmpfs memory 2> /dev/null || skip "cannot mount here"
trap 'umount memory' EXIT
image=memory/r.img

expect 0 fmt format --size 4G "$image"
blocks=$(stat -c %b "$image")
expect 0 fmt inspect "$image"
expect 0 fmt check "$image"
expect 0 fmt wear --map map.svg "$image"
is "blocks of the image" "$(stat -c %b "$image")" "$blocks"

head -c 16M /dev/zero > memory/fill 2> /dev/null || :
expect 0 fmt inspect "$image"
expect 0 fmt check "$image"
expect 8 fmt format -y --reset-wear --wipe memory/other.img --size 32M
says "No space left on device"
