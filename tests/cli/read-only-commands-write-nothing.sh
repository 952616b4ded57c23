# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# inspect and check leave every byte, of sound and of damaged regions.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 3 50
table=$(at r.img table_off0)
for damage in none super table; do
	case $damage in
	super) scribble r.img 512 ;;
	table) scribble r.img $((table + 100)) ;;
	esac
	cp r.img before
	chmod 400 r.img
	fmt inspect r.img > /dev/null 2>&1 || :
	fmt inspect --json --verbose --slots 0-300 r.img > /dev/null 2>&1 || :
	fmt check r.img > /dev/null 2>&1 || :
	fmt check --json r.img > /dev/null 2>&1 || :
	chmod 600 r.img
	cmp r.img before
done
