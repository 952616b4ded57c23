# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What run and long share.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${O:-$root/build/fuzz}
mkdir -p "$out"

# Memory that was freed is not kept for long: the tool frees megabytes with each command.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:quarantine_size_mb=16
export UBSAN_OPTIONS=print_stacktrace=1

# target_runs TARGET - how many inputs a bounded run has
target_runs()
{
	awk -v target="$1" '$1 == target { print $2 }' "$here/targets"
}

# targets - the names of all targets
targets()
{
	awk '!/^#/ { print $1 }' "$here/targets"
}

# build TREE FOLDER [GOAL...] - build the targets of a tree
build()
{
	local goals=() goal

	for goal in "${@:3}"; do
		goals+=("$2/$goal")
	done
	make -s -C "$1/tests/fuzz" -j"$(nproc)" O="$2" "${goals[@]}" \
		>"$out/build.log" 2>&1 && return
	cat "$out/build.log"
	return 1
}

# fuzz PROGRAM LOG OPTION... - run a target until it ends; false if it has found a bug
fuzz()
{
	"$1" -print_final_stats=1 -max_len=1024 -rss_limit_mb=4096 -timeout=3600 \
		"${@:3}" >"$2" 2>&1
}

# executions LOG - how many inputs a target has run
executions()
{
	awk '/^stat::number_of_executed_units:/ { print $2 }' "$1"
}

# show_failure LOG BUILD-FOLDER - what was found, and the script that leads to it
show_failure()
{
	local input

	grep -E '^(PROPERTY|SUMMARY|==[0-9]*==ERROR)|runtime error' "$1" | sed 's/^/    /'
	input=$(sed -n 's/.*Test unit written to //p' "$1" | tail -n 1)
	[ -e "$input" ] || return
	echo "    input $input:"
	"$2/show" "$input" | sed 's/^/    /'
}
