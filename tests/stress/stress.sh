# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# stress.sh - everything that swaps, at once and again, until the time is up
#
# One boot is one cycle. Each but the last ends with a power loss under load, and
# begins with a check of the region from outside. Figures go to /share/figures, lines
# of "NAME NUMBER" to be summed; run makes the summary of them.
#
# machine: stress
# minutes: 60

# add NAME NUMBER - to a figure of the summary
add()
{
	echo "$1 $2" >>/share/figures
}

# ---- on the host, in the folder of the run

# seconds_left - of the time that the run was given
seconds_left()
{
	[ -e started ] || date +%s >started
	echo $(($(cat started) + ${MINUTES:-60} * 60 - $(date +%s)))
}

# check_image OFFSET BYTES - pmemswap-fmt from outside, on a copy of the region:
# "clean", "repaired", or what is wrong
check_image()
{
	dd if=nvdimm0.img of=region.img bs=1M iflag=skip_bytes,count_bytes \
		skip="$1" count="$2" conv=sparse
	# $build is vm's.
	if "$build/tools/pmemswap-fmt" check region.img; then
		echo clean
	elif "$build/tools/pmemswap-fmt" check --repair region.img &&
	     "$build/tools/pmemswap-fmt" check region.img; then
		echo repaired
	else
		echo damaged
	fi | tail -n 1
	rm region.img
}

# ---- programs that swap

# read_figures OUTPUT - of a hog that has ended
read_figures()
{
	read_hog "$1"
	add wrong_bytes "$hog_wrong_bytes"
	add verified_pages "$hog_verified"
}

random()
{
	od -An -N4 -tu4 /dev/urandom | tr -d ' '
}

# spawn NAME COMMAND... - a hog in the background
spawn()
{
	spawned=/tmp/hog.$1
	shift
	"$@" >"$spawned" 2>&1 &
	pids="$pids $!"
}

# disturb COMMAND... - again and again in the background, until all programs end
disturb()
{
	while [ -e /tmp/busy ]; do
		"$@"
	done &
}

begin_phase()
{
	pids=
	touch /tmp/busy
	disturb turn_processor
}

# Waits for all programs. None may have lost a page.
end_phase()
{
	# $pids are words. How a hog ended, its output says.
	# shellcheck disable=SC2086
	wait $pids || :
	rm /tmp/busy
	wait
	for spawned in /tmp/hog.*; do
		read_figures "$spawned"
		equal "SIGBUS in $spawned" "$hog_sigbus" 0
		rm "$spawned"
	done
}

# In a memory cgroup with less room than it uses.
limited_hog()
{
	limited=/sys/fs/cgroup/limited
	mkdir -p $limited
	echo 16M >$limited/memory.limit_in_bytes
	# shellcheck disable=SC2016 # expanded by the inner shell
	/tools/bin/dash -e -c 'echo $$ >"$0/cgroup.procs"; exec hog "$@"' $limited "$@"
}

# stress SECONDS - all that stress-ng does to memory, with everything verified
stress()
{
	stress-ng --vm 1 --vm-bytes 48M --vm-method all --verify --pageswap 1 --fork 1 \
		--swap 1 --memfd 1 --memfd-bytes 16M --shm 1 --shm-bytes 8M \
		--temp-path /mnt --timeout "$1" >/share/stress-ng.log 2>&1 ||
		stress_failed $?
}

# It also fails for want of memory, or of a system call, which is no error of ours.
stress_failed()
{
	echo "stress-ng: exit status $1"
	cat /share/stress-ng.log
	[ "$1" != 2 ] || add wrong_bytes 1
}

# ---- what happens meanwhile

turn_processor()
{
	echo 0 >/sys/devices/system/cpu/cpu1/online
	sleep 1
	echo 1 >/sys/devices/system/cpu/cpu1/online
}

turn_huge_pages()
{
	for huge in always never; do
		echo $huge >/sys/kernel/mm/transparent_hugepage/enabled
		sleep 1
	done
}

turn_swap()
{
	swap_off
	swap_on
	sleep 3
}

# ---- phases

# All kinds of sharing at once, in memory that has room for all of it: all must fit
# when swap goes.
phase_mixed()
{
	begin_phase
	disturb turn_huge_pages
	disturb turn_swap
	for merging in 1 2; do
		spawn merging$merging hog --mib 24 --passes 8 --pageout --merge \
			--same 50 --seed 7
	done
	spawn sharing hog --mib 24 --passes 6 --pageout --share --workers 2
	spawn mixed hog --mib 24 --passes 10 --pageout --zero 20 --same 10 --huge
	stress 20
	end_phase
}

# More than memory holds.
phase_pressure()
{
	begin_phase
	disturb turn_huge_pages
	spawn large hog --mib 440 --passes 2 --workers 4 --rewrite 70 --zero 10
	spawn limited limited_hog --mib 48 --passes 4 --rewrite 50
	spawn rewriting hog --mib 32 --passes 10 --pageout --rewrite 60
	stress 20
	end_phase
}

# Losses of pages that a program waits to verify. Nothing else swaps, so no page moves
# between the search for it and the damage.
phase_losses()
{
	seed=$(random)
	rm -f /tmp/go
	in_evictable hog --mib 48 --passes 1 --pageout --wait-for /tmp/go \
		--seed "$seed" >/tmp/losses 2>&1 &
	wait_until grep -q filled /tmp/losses
	evict
	corrupt_hog_pages /dev/pmem0 "$seed" 37
	add losses_injected "$corrupted_pages"
	# In every other cycle it is swapoff that finds them.
	[ $((boot % 2)) = 0 ] || turn_swap
	touch /tmp/go
	wait
	read_figures /tmp/losses
	add sigbus_seen "$hog_sigbus"
}

# ---- a cycle

# The region as the last cycle left it.
check_region()
{
	base=$(cat /sys/bus/nd/devices/region0/resource)
	resource=$(cat /sys/block/pmem0/device/resource)
	bytes=$(($(cat /sys/block/pmem0/size) * 512))
	found=$(on_host check_image $((resource - base)) $bytes)
	case $found in
	clean | repaired) ;;
	*) die "the region is $found after a power loss" ;;
	esac
	add kills 1
}

start_machine()
{
	attach_pmem0
	swap_on
	mount -t tmpfs tmpfs /dev/shm
	mke2fs -q -t ext4 /dev/vdb
	mount /dev/vdb /mnt
	mount -t cgroup -o memory cgroup /sys/fs/cgroup
	echo 1 >/sys/kernel/mm/ksm/run
	echo 1000 >/sys/kernel/mm/ksm/pages_to_scan
}

# A power loss while pages come and go.
lose_power_under_load()
{
	begin_phase
	disturb turn_huge_pages
	spawn endless hog --mib 400 --passes 50 --workers 4 --pageout
	sleep "$((1 + boot % 5)).$((boot * 7 % 10))"
	lose_power
}

test_nothing_is_ever_wrong()
{
	namespace 0
	if [ "$boot" = 1 ]; then
		on_host seconds_left
		format_anew /dev/pmem0
	else
		check_region
	fi
	start_machine
	phase_mixed
	phase_pressure
	phase_losses
	equal "lost pages" "$(counter lost)" "$corrupted_pages"
	add pages_out "$(counter stores)"
	add pages_in "$(counter loads)"
	check_accounting
	if [ "$boot" = 1 ] || [ "$(on_host seconds_left)" -gt 0 ]; then
		lose_power_under_load
	fi
	stop_store
	pmemswap-fmt check /dev/pmem0
}
