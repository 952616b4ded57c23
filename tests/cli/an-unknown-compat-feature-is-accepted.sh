# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# COMPAT bits of a later version may be ignored.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img super 0 compat 4
"$POKE" r.img super 1 compat 4
expect 0 fmt check r.img
expect 0 fmt inspect r.img
says "compat 0x4"
