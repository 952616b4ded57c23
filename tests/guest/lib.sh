# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# lib.sh - verbs of the guest tests
#
# A test is a function test_<sentence>. It runs in a guest, as root, with "sh -e",
# and fails when a command in it fails. $boot is the number of its boot: 1, or more
# after reboot or lose_power. /share is a folder of the host that survives both.

control=/sys/class/pmemswap-control

# shellcheck source=tests/guest/traffic.sh
. /share/traffic.sh

# ---- ending a test

# die WHY - this test fails
die()
{
	echo "$*" >/tmp/why
	echo "die: $*"
	exit 1
}

# skip WHY - this test cannot run here
skip()
{
	echo "$*" >/tmp/why
	exit 77
}

# equal WHAT GOT WANTED
equal()
{
	[ "$2" = "$3" ] || die "$1 is '$2' instead of '$3'"
}

# at_least WHAT GOT WANTED - whole numbers
at_least()
{
	[ "$2" -ge "$3" ] || die "$1 is $2, less than $3"
}

# at_most WHAT GOT WANTED - whole numbers
at_most()
{
	[ "$2" -le "$3" ] || die "$1 is $2, more than $3"
}

# ---- boots

# The host boots the machine again; this test goes on with a higher $boot.
reboot()
{
	umount_all
	sync
	echo reboot >/dev/ttyS1
	poweroff -f
	sleep 1000
}

# The host kills the machine here and now, then boots it again.
lose_power()
{
	echo powerloss >/dev/ttyS1
	sleep 1000
}

# expect_panic TEXT - the kernel shall panic next, saying TEXT
expect_panic()
{
	echo "panic $1" >/dev/ttyS1
}

# on_host FUNCTION ARGUMENT... - the host runs this function of the test file, in the
# folder with the images of the media; prints its output
on_host()
{
	rm -f /share/answer
	echo "host $*" >/dev/ttyS1
	wait_until test -e /share/answer
	cat /share/answer
}

umount_all()
{
	umount /mnt 2>/dev/null || :
}

# ---- waiting and the kernel's log

# wait_until COMMAND... - poll until COMMAND succeeds; at least five minutes, longer
# on a slow machine, because polls are counted and not seconds
wait_until()
{
	wait_polls=6000
	until "$@"; do
		wait_polls=$((wait_polls - 1))
		[ "$wait_polls" -gt 0 ] || die "waited in vain: $*"
		sleep 0.05
	done
}

# mark_log - what kernel_said looks at starts here
mark_log()
{
	log_mark="mark $(cat /proc/sys/kernel/random/uuid)"
	echo "$log_mark" >/dev/kmsg
}

log_since_mark()
{
	dmesg | sed "1,/$log_mark/d"
}

# kernel_said PATTERN - one line since mark_log has it (extended expression)
kernel_said()
{
	log_since_mark | grep -qE "$1" || {
		log_since_mark
		die "the kernel did not say '$1'"
	}
}

# ---- namespaces

# load_pmem - the NVDIMM drivers
load_pmem()
{
	modprobe -a nfit nd_pmem nd_btt
}

# namespace NR [MODE] - /dev/pmemNR with this mode (fsdax, raw, sector): made,
# or found as an earlier boot made it
namespace()
{
	load_pmem
	wait_until ls "/sys/bus/nd/devices/namespace$1.0" >/dev/null
	[ "$(namespaces "$1" mode)" = "${2:-fsdax}" ] || make_namespace "$1" "${2:-fsdax}"
	wait_until test -b "/dev/$(namespaces "$1" blockdev)"
}

# namespaces NR FIELD - that field of every namespace of NVDIMM region NR
namespaces()
{
	ndctl list -N -r "region$1" |
		jq -r --arg field "$2" 'if type == "array" then .[] else . end |
			.[$field] // empty' | sort
}

make_namespace()
{
	case $2 in
	fsdax) ndctl create-namespace -f -e "namespace$1.0" -m fsdax --map=dev ;;
	*) ndctl create-namespace -f -e "namespace$1.0" -m "$2" ;;
	esac >/dev/null
}

# split_nvdimm SIZE... - a namespace of each size in the first NVDIMM, by labels
split_nvdimm()
{
	ndctl disable-region region0
	ndctl init-labels -f nmem0
	ndctl enable-region region0
	for size; do
		ndctl create-namespace -r region0 -m fsdax --map=dev -s "$size"
	done
}

# fill_edges DEVICE FROM - overwrites the places of metadata with bytes of a file
fill_edges()
{
	edges_mib=$(($(cat "/sys/class/block/${1#/dev/}/size") / 2048))
	{
		dd if="$2" of="$1" bs=1M count=8 conv=fsync
		dd if="$2" of="$1" bs=1M seek="$((edges_mib - 1))" count=1 conv=fsync
	} 2>/dev/null
}

# ---- the module

# load_module [PARAMETER...]
load_module()
{
	[ -d /sys/module/pmemswap ] || modprobe pmemswap "$@"
}

# format DEVICE [OPTION...]
format()
{
	device=$1
	shift
	pmemswap-fmt format --force --yes "$@" "$device"
}

# format_anew DEVICE [OPTION...] - as if it had never been a region; format alone
# keeps the wear and the bad slots of an old region
format_anew()
{
	fill_edges "$1" /dev/zero
	format "$@"
}

# disk_of DEVICE - name of the disk of an attached region, pmemswapN
disk_of()
{
	for disk_dir in /sys/block/pmemswap*; do
		[ -e "$disk_dir/region" ] || continue
		[ "$(cat "$disk_dir/region")" = "$1" ] || continue
		basename "$disk_dir"
		return
	done
	return 1
}

# attach DEVICE - sets $disk
attach()
{
	echo "$1" >$control/attach
	find_disk "$1"
}

find_disk()
{
	disk=$(disk_of "$1") || die "$1 is attached, but has no disk"
	wait_until test -b "/dev/$disk"
}

# attach_pmem0 [PARAMETER...] - as it is on the medium, the module included
attach_pmem0()
{
	namespace 0
	load_module "$@"
	attach /dev/pmem0
}

# detach [DISK]
detach()
{
	echo "${1:-$disk}" >$control/detach
}

# refused ERRNO-PATTERN FILE VALUE - writing VALUE to FILE fails with this error
refused()
{
	# busybox names the error of its echo, dash does not.
	# shellcheck disable=SC2016 # expanded by the inner shell
	if why=$(/bin/busybox sh -c 'echo "$2" >"$1"' sh "$2" "$3" 2>&1); then
		die "'$3' was accepted by $2"
	fi
	echo "$why" | grep -qE "$1" ||
		die "writing '$3' to $2 says '$why' instead of '$1'"
}

# counter NAME [DISK]
counter()
{
	cat "/sys/block/${2:-$disk}/$1"
}

# Least, mean (rounded down) and greatest wear, as of the last scan.
wear_counters()
{
	local mean

	mean=$(counter wear_mean)
	echo "$(counter wear_min) ${mean%.*} $(counter wear_max)"
}

# medium_wear DEVICE - the same, as the slot table of a detached region says
medium_wear()
{
	pmemswap-fmt inspect --json "$1" |
		jq -r '.wear | "\(.min) \(.mean | floor) \(.max)"'
}

# swap_on [OPTION...] - on the disk
swap_on()
{
	swapon "$@" "/dev/$disk"
}

swap_off()
{
	swapoff "/dev/${1:-$disk}"
}

# start_store [FORMAT-OPTION...] - everything up to swapon, on /dev/pmem0
start_store()
{
	clean_slate
	namespace 0
	format /dev/pmem0 "$@"
	attach_pmem0
	swap_on
}

# stop_store - swapoff and detach; no page may be left between the two
stop_store()
{
	swap_off
	equal "pages held after swapoff" "$(counter pages)" 0
	check_accounting
	detach
}

# use_store - swaps on what is attached, swaps pages out and in, and stops it
use_store()
{
	swap_on
	run_hog --mib 16 --passes 1 --pageout
	at_least stores "$(counter stores)" 4000
	stop_store
}

# discard [DISK] - drops all pages; with -f, or blkdiscard reads empty pages first
discard()
{
	blkdiscard -f "/dev/${1:-$disk}"
}

# Undo what earlier tests of this boot left behind.
clean_slate()
{
	killall hog fio 2>/dev/null || :
	umount_all
	swapoff -a
	for disk_dir in /sys/block/pmemswap*; do
		[ -e "$disk_dir/region" ] || continue
		discard "$(basename "$disk_dir")"
		detach "$(basename "$disk_dir")"
	done
	echo never >/sys/kernel/mm/transparent_hugepage/enabled
}

# check_accounting [DISK] - the counters of slots must agree at any time
check_accounting()
{
	account=$(counter slots_used "$@")
	account=$((account + $(counter slots_free "$@") + $(counter slots_bad "$@")))
	equal "used + free + bad slots" "$account" "$(counter slots "$@")"
}

# rejects [DISK] - stores refused, for every reason
rejects()
{
	cat "/sys/block/${1:-$disk}"/rejects_* | awk '{ sum += $1 } END { print sum + 0 }'
}

# edges_sum DEVICE - checksum of its first 8 MiB and its last MiB, where metadata is
edges_sum()
{
	edges_mib=$(($(cat "/sys/class/block/${1#/dev/}/size") / 2048))
	{
		dd if="$1" bs=1M count=8 iflag=direct
		dd if="$1" bs=1M skip="$((edges_mib - 1))" iflag=direct
	} 2>/dev/null | sha256sum
}
