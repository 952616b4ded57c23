# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A report that could not be written is no success.
. "$CLI_LIB"

[ -e /dev/full ] || skip "no /dev/full"
new_image r.img
code=0
fmt inspect r.img > /dev/full 2> .err || code=$?
is "exit code" "$code" 8
grep -q "cannot write" .err
