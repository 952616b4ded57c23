# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A region that no module could attach is not made by accident.
. "$CLI_LIB"

truncate -s 64M r.img
loop r.img
expect 8 fmt format "$loop"
says "has no DAX" "--force"
expect 0 fmt format --force --label "on a device" "$loop"
expect 0 fmt check "$loop"
losetup -d "$loop"
trap - EXIT
expect 0 fmt inspect --json r.img
is label "$(json .region.label)" "on a device"
