# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The region is refused as a map, by any name; a map that fails leaves the last one.
. "$CLI_LIB"

new_image r.svg
ln r.svg link.svg
ln -s r.svg symlink.svg
copy r.svg before
for name in r.svg link.svg symlink.svg ./r.svg; do
	expect 8 fmt wear --map "$name" r.svg
	says "$name: is the region itself"
	cmp r.svg before
done
mkdir folder.svg
expect 8 fmt wear --map folder.svg r.svg
says "folder.svg: is no file"

umask 027
expect 0 fmt wear --map map.svg r.svg
is mode "$(stat -c %a map.svg)" 640
cp map.svg good.svg
# A file may grow to 1 KiB only, as if the disk were full.
expect 8 bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' - "$PMEMSWAP_FMT" wear --map map.svg r.svg
says "map.svg: cannot write: File too large"
cmp map.svg good.svg
is "files left" "$(ls map.svg*)" map.svg
