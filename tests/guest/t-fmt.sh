# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-fmt.sh - pmemswap-fmt on real namespaces, beside the module
#
# machine: two-regions
#
# shellcheck disable=SC2154 # $disk is set by the verbs of lib.sh

# exits STATUS COMMAND... - its output is shown, and stays in /tmp/out
exits()
{
	wanted=$1 got=0
	shift
	"$@" >/tmp/out 2>&1 </dev/null || got=$?
	cat /tmp/out
	equal "exit status of $*" "$got" "$wanted"
}

# says TEXT... - the last command of exits said each
says()
{
	for text; do
		grep -qF -e "$text" /tmp/out || die "'$text' was not said"
	done
}

test_list_names_mode_region_and_disk()
{
	clean_slate
	namespace 0
	namespace 1 raw
	format /dev/pmem0 --label listed
	exits 0 pmemswap-fmt list
	says "/dev/pmem0" "fsdax" "'listed' clean" "raw"
	load_module
	attach /dev/pmem0
	exits 0 pmemswap-fmt list --json
	jq '.namespaces[] | select(.device == "/dev/pmem0") | .region' /tmp/out >/tmp/region
	equal disk "$(jq -r .disk /tmp/region)" "$disk"
	equal state "$(jq -r .state /tmp/region)" attached
	equal "region on raw" "$(jq -r '.namespaces[] | select(.mode == "raw") | .region' /tmp/out)" null
	detach
}

test_raw_and_sector_namespaces_are_refused_with_the_way_out()
{
	clean_slate
	for mode in raw sector; do
		namespace 1 $mode
		pmem=$(namespaces 1 blockdev)
		exits 8 pmemswap-fmt format "/dev/$pmem"
			says "$mode mode" "ndctl create-namespace -f -e namespace1.0 -m fsdax"
	done
	namespace 1
	exits 0 pmemswap-fmt format /dev/pmem1
	exits 0 pmemswap-fmt check /dev/pmem1
}

test_an_attached_region_is_read_but_not_written()
{
	start_store --label busy
	run_hog --mib 64 --passes 3 --pageout
	exits 0 pmemswap-fmt inspect /dev/pmem0
	says "attached as /dev/$disk" "wear uncertainty" "busy"
	exits 0 pmemswap-fmt check /dev/pmem0
	exits 8 pmemswap-fmt check --repair /dev/pmem0
	says "attached as /dev/$disk" "swapoff"
	exits 8 pmemswap-fmt format --yes --force /dev/pmem0
	says "attached as /dev/$disk"
	exits 8 pmemswap-fmt format --dry-run --yes --force /dev/pmem0
	stop_store
	exits 0 pmemswap-fmt check /dev/pmem0
	exits 0 pmemswap-fmt inspect /dev/pmem0
	says "state: clean"
	exits 0 pmemswap-fmt wear --endurance 1000000 --map /tmp/w.svg /dev/pmem0
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
	equal state "$(region_field /dev/pmem0 .region.state)" attached
	detach
	equal "attach count" "$(region_field /dev/pmem0 .life.attach_generation)" 1
	equal state "$(region_field /dev/pmem0 .region.state)" clean
	exec 9<&-
}

test_scrub_waits_and_says_how_many_pages_are_lost()
{
	start_store
	start_held_hog --mib 32 --passes 1 --seed 31
	exits 0 pmemswap-fmt scrub /dev/pmem0
	says "/dev/$disk:" "slots read, 0 lost pages are held"
	corrupt_hog_pages /dev/pmem0 31 50
	exits 4 pmemswap-fmt scrub "/dev/$disk"
	says "$corrupted_pages lost pages are held"
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	swap_off
	exits 0 pmemswap-fmt scrub --no-wait /dev/pmem0
	exits 0 pmemswap-fmt scrub --stop /dev/pmem0
	equal scrub "$(counter scrub)" 0
	detach
	exits 8 pmemswap-fmt scrub /dev/pmem0
	says "is not attached"
}

# QEMU's NVDIMM cannot clear poison, so here the repair must fail, and say so.
test_poison_under_a_superblock_is_reported_and_survived()
{
	clean_slate
	namespace 0
	format /dev/pmem0 --label poisoned
	echo "0 8" >/sys/block/pmem0/badblocks
	exits 4 pmemswap-fmt check /dev/pmem0
	says "primary superblock at 0: unreadable"
	exits 8 pmemswap-fmt check --repair /dev/pmem0
	says "cannot write the primary superblock"
	exits 4 pmemswap-fmt inspect /dev/pmem0
	says poisoned
}

test_a_foreign_signature_on_a_namespace_goes_by_force_only()
{
	clean_slate
	namespace 1
	mkswap -f /dev/pmem1
	exits 8 pmemswap-fmt format --yes /dev/pmem1
	says "holds something else: swap"
	swapon /dev/pmem1
	exits 8 pmemswap-fmt format --force --yes /dev/pmem1
	says "in use" "swapoff"
	swapoff /dev/pmem1
	exits 0 pmemswap-fmt format --force --yes --wipe /dev/pmem1
	exits 0 pmemswap-fmt check /dev/pmem1
}
