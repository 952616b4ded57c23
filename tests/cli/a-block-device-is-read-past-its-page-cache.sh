# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# What changed behind the cache of the device is seen: the module writes by DAX.
. "$CLI_LIB"

need python3
new_image r.img --label old
new_image new.img --label new
loop r.img
# Fill the cache of the device, and keep it by keeping the device open.
exec 9< "$loop"
cat "$loop" > /dev/null
dd if=new.img of=r.img bs=1M conv=notrunc,fsync status=none
seen=$(dd if="$loop" bs=1 skip=64 count=3 status=none)
is "what the page cache holds" "$seen" old
expect 0 fmt inspect --json "$loop"
is label "$(json .region.label)" new
exec 9<&-
