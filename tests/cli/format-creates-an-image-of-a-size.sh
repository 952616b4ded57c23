# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# --size makes the file, and never another one of it.
. "$CLI_LIB"

expect 0 fmt format --size 32M r.img
is size "$(stat -c %s r.img)" $((32 << 20))
expect 0 fmt check r.img
cp r.img before
expect 8 fmt format --size 32M -y r.img
says "exists"
cmp r.img before
expect 8 fmt format --size 1M small.img
says "at least 8 MiB"
[ ! -e small.img ] || fail "an image was left behind"
