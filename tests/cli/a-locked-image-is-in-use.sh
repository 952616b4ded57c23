# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Nobody formats or repairs an image that another program has locked.
. "$CLI_LIB"

need flock
new_image r.img
exec 9< r.img
flock 9
expect 8 fmt format -y r.img
says "in use"
expect 8 fmt format -y --force --dry-run r.img
expect 8 fmt check --repair r.img
says "in use"
expect 0 fmt inspect r.img
expect 0 fmt check r.img
