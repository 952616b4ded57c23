# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Below 8 MiB there is no region, and nothing is written.
. "$CLI_LIB"

truncate -s 7M r.img
expect 8 fmt format r.img
says "too small" "8 MiB"
expect 8 fmt inspect r.img
expect 8 fmt check r.img
[ -z "$(tr -d '\0' < r.img | head -c 1)" ] || fail "something was written"
truncate -s 8M r.img
expect 0 fmt format r.img
expect 0 fmt check r.img
: > empty.img
expect 8 fmt format empty.img
says "too small"
expect 8 fmt inspect empty.img
