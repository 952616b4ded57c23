# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-fmt.sh - pmemswap-fmt on real namespaces, beside the module
#
# machine: two-regions
#
# shellcheck disable=SC2154 # $carrier is set by the verbs of lib.sh

# said FILE TEXT...
said()
{
	file=$1
	shift
	for text; do
		grep -qF -e "$text" "$file" || { cat "$file"; die "'$text' was not said"; }
	done
}

# code WANTED COMMAND... - its output is in /tmp/out
code()
{
	wanted=$1 got=0
	shift
	"$@" >/tmp/out 2>&1 </dev/null || got=$?
	[ "$got" = "$wanted" ] || { cat /tmp/out; die "$* exits $got instead of $wanted"; }
}

test_list_names_mode_region_and_carrier()
{
	clean_slate
	namespace 0
	namespace 1 raw
	format /dev/pmem0 --label listed
	code 0 pmemswap-fmt list
	cat /tmp/out
	said /tmp/out "/dev/pmem0" "fsdax" "'listed' clean" "raw"
	load_module
	attach /dev/pmem0
	code 0 pmemswap-fmt list --json
	cat /tmp/out
	equal carrier "$(jq -r '.namespaces[] | select(.device == "/dev/pmem0") | .region.carrier' /tmp/out)" "$carrier"
	equal state "$(jq -r '.namespaces[] | select(.device == "/dev/pmem0") | .region.state' /tmp/out)" attached
	equal "region on raw" "$(jq -r '.namespaces[] | select(.mode == "raw") | .region' /tmp/out)" null
	detach
}

test_raw_and_sector_namespaces_are_refused_with_the_way_out()
{
	clean_slate
	for mode in raw sector; do
		namespace 1 $mode
		disk=$(namespace_disk 1)
		code 8 pmemswap-fmt format "/dev/$disk"
		cat /tmp/out
		said /tmp/out "$mode mode" "ndctl create-namespace -f -e namespace1.0 -m fsdax"
	done
	namespace 1
	code 0 pmemswap-fmt format /dev/pmem1
	code 0 pmemswap-fmt check /dev/pmem1
}

test_an_attached_region_is_read_but_not_written()
{
	start_store --label busy
	run_hog --mib 64 --passes 3 --pageout
	code 0 pmemswap-fmt inspect /dev/pmem0
	cat /tmp/out
	said /tmp/out "attached as /dev/$carrier" "wear uncertainty" "busy"
	code 0 pmemswap-fmt check /dev/pmem0
	code 8 pmemswap-fmt check --repair /dev/pmem0
	said /tmp/out "attached as /dev/$carrier" "swapoff"
	code 8 pmemswap-fmt format --yes --force /dev/pmem0
	said /tmp/out "attached as /dev/$carrier"
	code 8 pmemswap-fmt format --dry-run --yes --force /dev/pmem0
	stop_store
	code 0 pmemswap-fmt check /dev/pmem0
	code 0 pmemswap-fmt inspect /dev/pmem0
	said /tmp/out "state: clean"
	code 0 pmemswap-fmt wear --endurance 1000000 --map /tmp/w.png /dev/pmem0
	cat /tmp/out
}

test_what_the_module_wrote_is_read_past_the_page_cache()
{
	clean_slate
	namespace 0
	format /dev/pmem0 --reset-wear
	load_module
	# Hold the cache of the device, with the superblock of before in it.
	exec 9</dev/pmem0
	head -c 4096 <&9 >/tmp/before
	attach /dev/pmem0
	equal state "$(pmemswap-fmt inspect --json /dev/pmem0 | jq -r .region.state)" attached
	detach
	equal "attach count" "$(pmemswap-fmt inspect --json /dev/pmem0 | jq -r .life.attach_generation)" 1
	equal state "$(pmemswap-fmt inspect --json /dev/pmem0 | jq -r .region.state)" clean
	exec 9<&-
}

# QEMU's NVDIMM cannot clear poison, so here the repair must fail, and say so.
test_poison_under_a_superblock_is_told_and_survived()
{
	clean_slate
	namespace 0
	format /dev/pmem0 --label poisoned
	echo "0 8" >/sys/block/pmem0/badblocks
	code 4 pmemswap-fmt check /dev/pmem0
	said /tmp/out "primary superblock at 0: unreadable"
	code 8 pmemswap-fmt check --repair /dev/pmem0
	said /tmp/out "cannot write the primary superblock"
	code 4 pmemswap-fmt inspect /dev/pmem0
	said /tmp/out poisoned
}

test_a_foreign_signature_on_a_namespace_goes_by_force_only()
{
	clean_slate
	namespace 1
	mkswap -f /dev/pmem1
	code 8 pmemswap-fmt format --yes /dev/pmem1
	said /tmp/out "holds something else: swap"
	swapon /dev/pmem1
	code 8 pmemswap-fmt format --force --yes /dev/pmem1
	said /tmp/out "in use" "swapoff"
	swapoff /dev/pmem1
	code 0 pmemswap-fmt format --force --yes --wipe /dev/pmem1
	code 0 pmemswap-fmt check /dev/pmem1
}
