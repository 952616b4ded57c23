# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# They change only on request, also if the wear or the size does.
. "$CLI_LIB"

uuid=12345678-9abc-def0-1234-56789abcdef0
# named LABEL: the region has this label, and the uuid
named()
{
	expect 0 fmt inspect --json r.img
	is label "$(json .region.label)" "$1"
	is uuid "$(json .region.uuid)" "$uuid"
}

new_image r.img --label kept --uuid "$uuid"
expect 0 fmt format -y r.img
says "uuid: $uuid" "label: kept"
named kept
expect 0 fmt format -y --reset-wear r.img
named kept
truncate -s 96M r.img
expect 0 fmt format -y r.img
named kept
expect 0 fmt format -y --label other r.img
named other
expect 0 fmt format -y --label '' r.img
named ""
expect 0 fmt format -y --uuid random r.img
expect 0 fmt inspect --json r.img
[ "$(json .region.uuid)" != "$uuid" ] || fail "the uuid was kept"
