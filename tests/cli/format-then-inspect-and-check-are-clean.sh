# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A fresh region is valid in both copies and says what it was given.
. "$CLI_LIB"

uuid=12345678-9abc-def0-1234-56789abcdef0
new_image r.img --label "swap one" --uuid "$uuid"
expect 0 fmt check r.img
says "primary superblock at 0: valid" "secondary superblock at" "r.img: clean"
expect 0 fmt inspect r.img
says "$uuid" "swap one" "state: clean" "bad slots: 0" "last checkpoint: never"
expect 0 fmt inspect --json r.img
is uuid "$(json .region.uuid)" "$uuid"
is label "$(json .region.label)" "swap one"
is slots "$(json .region.slots)" "$(at r.img slots_nr)"
is "blocks never written" "$(json .table.blocks_never_written)" "$(at r.img table_blocks)"
