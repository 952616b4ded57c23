# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Behind the back of a loop device nothing is written.
. "$CLI_LIB"

new_image r.img
loop r.img
cp --sparse=always r.img before
expect 8 fmt format -y --force r.img
says "in use" "backing file of $loop"
expect 8 fmt check --repair r.img
cmp r.img before
