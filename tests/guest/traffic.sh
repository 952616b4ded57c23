# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# traffic.sh - verbs of the guest tests: swap traffic, and its pages on the medium
#
# Part of lib.sh.

# ---- programs that swap, and what they say

# start_hog OPTION... - in the background
start_hog()
{
	rm -f /tmp/go /tmp/hog.out
	hog "$@" >/tmp/hog.out 2>&1 &
	hog_pid=$!
}

# start_held_hog OPTION... - in the background, and waits until its pages are swapped
# out; the few that were in use at that moment are not
start_held_hog()
{
	start_hog --pageout --wait-for /tmp/go "$@"
	wait_until grep -q filled /tmp/hog.out
}

# end_hog - lets it verify its pages; sets hog_* as read_hog does
end_hog()
{
	touch /tmp/go
	wait "$hog_pid" || :
	read_hog /tmp/hog.out
}

# finish_hog - the same; every byte that it could read must be right
finish_hog()
{
	end_hog
	equal "wrong bytes of hog" "$hog_wrong_bytes" 0
}

# run_hog OPTION... - a hog from start to finish, perhaps beside one in the background;
# every byte that it could read must be right
run_hog()
{
	echo "hog $*"
	hog "$@" >/tmp/run.out 2>&1 || :
	read_hog /tmp/run.out
	equal "wrong bytes of hog" "$hog_wrong_bytes" 0
}

# read_hog OUTPUT - sets hog_pages, hog_verified, hog_wrong_bytes and hog_sigbus
read_hog()
{
	cat "$1"
	hog_line=$(tail -n 1 "$1")
	case $hog_line in
	pages=*wrong_bytes=*sigbus=*) ;;
	*) die "hog did not finish: '$hog_line'" ;;
	esac
	for hog_word in $hog_line; do
		eval "hog_${hog_word%%=*}=${hog_word#*=}"
	done
}

# run_fio JOB SIZE - a job of tests/fio over a tmpfs on /mnt, which must find every
# block right; the report stays in /share
run_fio()
{
	mount -t tmpfs -o size=1g tmpfs /mnt
	fio_report=/share/$name.$1.json
	FIO_DIR=/mnt FIO_SIZE=$2 fio --output-format=json \
		--output="$fio_report" "/share/fio/$1.fio" || :
	umount /mnt
	equal "verify errors of fio" "$(fio_errors "$fio_report")" 0
	jq -e '[.jobs[] | .read.total_ios] | add > 0' "$fio_report" >/dev/null ||
		die "fio verified nothing"
}

# fio_errors REPORT
fio_errors()
{
	jq '[.jobs[] | if .total_err > 0 then .total_err else .error end] | add' "$1"
}

# in_evictable COMMAND... - runs it in a memory cgroup, whose pages evict swaps out
in_evictable()
{
	evictable=/sys/fs/cgroup/evictable
	grep -q " /sys/fs/cgroup " /proc/mounts ||
		mount -t cgroup -o memory cgroup /sys/fs/cgroup
	mkdir -p $evictable
	# shellcheck disable=SC2016 # expanded by the inner shell
	/tools/bin/dash -e -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' \
		$evictable "$@"
}

# evict - swaps out the pages of that cgroup that are not in use
evict()
{
	echo 0 >"$evictable/memory.force_empty"
}

# ---- the medium

# region_field DEVICE JQ-EXPRESSION - of what pmemswap-fmt knows of it
region_field()
{
	pmemswap-fmt inspect --json "$1" | jq -r "$2"
}

# corrupt_block DEVICE BLOCK - other bytes in 4 KiB of a medium in use
corrupt_block()
{
	dd if=/dev/urandom of="$1" bs=4096 seek="$2" count=1 oflag=direct \
		conv=notrunc 2>/dev/null
}

# corrupt_blocks DEVICE <LIST - likewise all blocks that find_pages listed
corrupt_blocks()
{
	while read -r _ listed_block; do
		corrupt_block "$1" "$listed_block"
	done
}

# find_pages DEVICE SEED - lines "PAGE BLOCK": where the pages of a hog are on the
# medium
find_pages()
{
	first_block=$(($(region_field "$1" .region.data_offset) / 4096))
	find-pages "$1" "$first_block" "$2"
}

# corrupt_hog_pages DEVICE SEED STEP - corrupts every STEP-th page of a held hog,
# wherever it is found on the medium; sets corrupted_pages
corrupt_hog_pages()
{
	find_pages "$1" "$2" | sort -n |
		awk -v step="$3" '$1 % step == 0' >/tmp/victims
	corrupt_blocks "$1" </tmp/victims
	corrupted_pages=$(awk '{ print $1 }' /tmp/victims | uniq | wc -l)
}

# tagged_pages COUNT - prints random pages with a tag that find_tagged_pages looks
# for: their first eight bytes, which are the seed in the pages of a hog
tagged_pages()
{
	for _ in $(seq "$1"); do
		printf stopword
		head -c 4088 /dev/urandom
	done
}

# find_tagged_pages DEVICE - as find_pages
find_tagged_pages()
{
	# "stopword" as a little-endian number
	find_pages "$1" 0x64726f77706f7473
}
