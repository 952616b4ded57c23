# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# An image that lost its end is named as such.
. "$CLI_LIB"

new_image r.img
truncate -s 40M r.img
expect 8 fmt inspect r.img
says "larger than the device (truncated)" "give the device its size back"
expect 4 fmt check r.img
expect 4 fmt check --repair r.img
truncate -s 64M r.img
expect 4 fmt check r.img
says "secondary superblock at" "no magic"
expect 1 fmt check --repair r.img
expect 0 fmt check r.img
