# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A region whose machine went down may be formatted; it is said what that costs.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img super 0 state 2
"$POKE" r.img super 1 state 2
expect 0 fmt inspect r.img
says "state: unclean shutdown" "wear uncertainty: at most one round"
expect 0 fmt format -y r.img
says "was unclean"
expect 0 fmt inspect r.img
says "state: clean"
