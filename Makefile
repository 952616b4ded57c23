# SPDX-License-Identifier: GPL-2.0
#
# make help says what there is to make.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
PREFIX	?= /usr
BUILD	:= $(CURDIR)/build
MODULE	:= $(BUILD)/module-$(KVER)

all: module tool

# The module, for the kernel in KDIR; built away from the sources.
module:
	@test -e $(KDIR)/Makefile || { \
		echo "No kernel headers in $(KDIR): install linux-headers-$(KVER), or set KDIR=" >&2; \
		exit 1; }
	@tests/setup/module $(KDIR) $(MODULE)
	@echo "$(MODULE)/pmemswap.ko"

tool:
	@$(MAKE) --no-print-directory -C tools O=$(BUILD)/tools

install: module tool
	install -D -m 644 $(MODULE)/pmemswap.ko \
		$(DESTDIR)/lib/modules/$(KVER)/updates/pmemswap.ko
	test -n "$(DESTDIR)" || depmod $(KVER)
	$(MAKE) -C tools O=$(BUILD)/tools PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) install

# Everything from here on installs what it needs, as root, and fetches its kernel.
# With DEPS=no nothing is installed, and neither apt nor dpkg is called: what is
# missing then shows where it is used.
export DEPS
deps:
	@tests/setup/deps

demo: deps
	@tests/guest/demo

test: deps
	@tests/run check unit crash wear cli fuzz guest

test-check test-unit test-crash test-wear test-cli test-fuzz test-guest: test-%: deps
	@tests/run $*

# The guest tests on a kernel that finds mistakes; built at the first use.
test-debug: deps
	@KERNEL=$(or $(KERNEL),5.10)-debug tests/run guest

stress: deps
	@tests/stress/run

check: test-check

vm: deps
	@tests/guest/vm shell

# Seconds for each fuzz target.
SECONDS	?= 600
fuzz: deps
	@SECONDS_EACH=$(SECONDS) tests/fuzz/long

bench-guest: deps
	@tests/guest/bench

bench-wear: deps
	@tests/wear/bench

clean:
	rm -rf $(BUILD)

help:
	@echo "make               build the module (for KVER or KDIR) and pmemswap-fmt"
	@echo "make install       install both (PREFIX, DESTDIR)"
	@echo "make demo          swap on an emulated NVDIMM in a guest, verified, from nothing"
	@echo "make test          all tests: check, unit, crash, wear, cli, fuzz, guest"
	@echo "make test-unit     one of them alone; likewise test-check, test-crash, test-wear, test-cli,"
	@echo "                   test-fuzz, test-guest"
	@echo "make test-debug    guest tests on a kernel with KASAN, lockdep and kmemleak, built once"
	@echo "make stress        everything that swaps, for MINUTES= (an hour), with damage and power loss"
	@echo "make check         static checks alone, the same as test-check"
	@echo "make fuzz          fuzz driver and tool, SECONDS= for each target, default 600"
	@echo "make vm            a shell in a guest with everything set up"
	@echo "make bench-guest   instructions per page out and in, DRAM per slot"
	@echo "make bench-wear    how long a medium lasts under each workload, simulated"
	@echo "make clean         remove build/ (the kernel cache stays in ~/.cache/pmemswap)"
	@echo
	@echo "Guests honour KERNEL= (series, default 5.10), ACCEL= (tcg, kvm, auto) and MEM=."
	@echo "With DEPS=no nothing is installed or downloaded: test-unit then runs off Debian too."

.PHONY: all module tool install deps demo test check vm fuzz stress bench-guest bench-wear \
	clean help test-debug test-check test-unit test-crash test-wear test-cli test-fuzz test-guest
