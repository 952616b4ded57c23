# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A copy that the device cannot read is reported, and the other is current.
. "$CLI_LIB"

new_image r.img --label kept
size=$(stat -c %s r.img)
secondary=$(at r.img super_off1)
loop r.img
# The end of the backing file goes; the loop device answers EIO there.
truncate -s "$secondary" r.img
expect 4 fmt inspect --json "$loop"
is status "$(json '.superblocks[1].status')" unreadable
is label "$(json .region.label)" kept
expect 4 fmt check "$loop"
says "unreadable (I/O error)"
truncate -s "$size" r.img
expect 1 fmt check --repair "$loop"
expect 0 fmt check "$loop"
