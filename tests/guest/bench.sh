# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh - what bench measures in the guest, whose clock counts instructions
#
# /share/cost.<name> gets the lines of swapcost for each way to swap,
# /share/dram the bytes of memory per slot.
#
# machine: bench
# minutes: 90

mib=32
rounds=7

# measure NAME random|zero - with what is swapped on
measure()
{
	swapcost $mib $rounds "$2" >"/share/cost.$1"
	cat "/share/cost.$1"
	equal "rounds" "$(wc -l <"/share/cost.$1")" $rounds
	! grep -v 'resident=[0-9]$' "/share/cost.$1" || die "not all pages went out"
}

# measure_device NAME DEVICE - swap straight to a block device
measure_device()
{
	mkswap "$2"
	swapon "$2"
	measure "$1" random
	measure "$1.zero" zero
	swapoff "$2"
}

# Before the module is there: afterwards the kernel asks it about every page.
test_swap_on_other_devices()
{
	namespace 1
	measure_device pmem /dev/pmem1
	modprobe brd rd_nr=1 rd_size=65536
	measure_device brd /dev/ram0
	rmmod brd
	modprobe zram
	for algorithm in lzo-rle lz4; do
		echo 1 >/sys/block/zram0/reset
		echo $algorithm >/sys/block/zram0/comp_algorithm
		echo 128M >/sys/block/zram0/disksize
		measure_device "zram-$algorithm" /dev/zram0
	done
	rmmod zram
}

# Free memory, what each CPU keeps to itself included.
free_bytes()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '$1 == "MemFree:" { bytes += $2 * 1024 }
	     $1 == "count:" { bytes += $2 * 4096 }
	     END { print bytes }' /proc/meminfo /proc/zoneinfo
}

# All memory that detach gives back, over the slots. The first time does not count:
# it leaves caches behind that are not per slot.
test_dram_per_slot()
{
	namespace 0
	format /dev/pmem0
	load_module
	for _ in 0 1 2 3 4 5; do
		attach /dev/pmem0
		slots=$(counter slots)
		attached=$(free_bytes)
		detach
		detached=$(free_bytes)
		awk -v bytes=$((detached - attached)) -v slots="$slots" \
			'BEGIN { printf "%.2f\n", bytes / slots }'
	done | tail -n 5 >/share/dram
	cat /share/dram
}

test_swap_on_pmemswap()
{
	start_store
	measure pmemswap random
	measure pmemswap.zero zero
	at_least stores "$(counter stores)" $((mib * 256 * rounds))
	at_least "zero pages" "$(counter zero_pages)" $((mib * 256 * rounds))
	stop_store
}

test_swap_on_pmemswap_without_checksum()
{
	[ "$boot" -gt 1 ] || reboot
	clean_slate
	namespace 0
	load_module checksum=N
	attach /dev/pmem0
	swap_on
	measure pmemswap-nosum random
	measure pmemswap-nosum.zero zero
	stop_store
}

# measure_levelling NAME PARAMETER... - on a store so small that pages stay for
# rounds, and with a gap so narrow that they are moved again and again
measure_levelling()
{
	cost=$1
	shift
	clean_slate
	namespace 0
	echo size=64M | sfdisk --quiet --wipe always /dev/pmem0
	wait_until test -b /dev/pmem0p1
	format /dev/pmem0p1
	load_module "$@"
	attach /dev/pmem0p1
	swap_on
	start_held_hog --mib 24 --passes 1
	# After three rounds of stores the pages of the hog are cold.
	swapcost 16 12 random
	moves=$(counter moves)
	rounds=21
	mib=16
	measure "$cost" random
	moves=$(($(counter moves) - moves))
	finish_hog
	stop_store
}

test_swap_on_pmemswap_that_moves_nothing()
{
	[ "$boot" -gt 1 ] || reboot
	measure_levelling pmemswap-still wear=dynamic
	equal "moves" "$moves" 0
}

test_swap_on_pmemswap_that_moves_pages()
{
	[ "$boot" -gt 1 ] || reboot
	measure_levelling pmemswap-moving wear=static wear_gap=2 wear_rate=98
	# About one in 200 of the stores, as in a region of some age.
	at_least "moves" "$moves" 300
	echo "$moves moves in $((mib * 256 * rounds)) stores"
}
