# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Without a terminal and without --yes, an existing region stays.
. "$CLI_LIB"

new_image r.img
cp r.img before
expect 8 fmt format r.img
says "holds a pmemswap region already" "--yes"
cmp r.img before
expect 0 fmt format --yes r.img
cmp -s r.img before && fail "nothing was formatted"

# One valid superblock is a region as well.
scribble r.img 0
expect 8 fmt format r.img
says "holds a pmemswap region already"
