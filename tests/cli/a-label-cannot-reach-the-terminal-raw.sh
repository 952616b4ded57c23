# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Control characters from the medium are escaped, in text and in JSON.
. "$CLI_LIB"

new_image r.img
# shellcheck disable=SC1003 # a backslash at the end
printf '\033[2J\377"\\' | dd of=r.img bs=1 seek=64 conv=notrunc status=none
"$POKE" r.img super 0 compat 0
expect 0 fmt inspect r.img
says 'label: \x1b[2J\xff"\x5c'
expect 0 fmt inspect --json r.img
is label "$(json .region.label)" '\x1b[2J\xff"\x5c'
