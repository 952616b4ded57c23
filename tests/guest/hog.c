// SPDX-License-Identifier: GPL-2.0
/*
 * hog - anonymous memory under pressure, every byte of it verified
 *
 * Each worker fills its pages with a pattern, then goes over them in passes:
 * verify a page, write it anew. Pages that raise SIGBUS are lost: they are
 * counted once, left alone from then on, and are no wrong bytes. The result is
 * one line of NAME=value words on stdout:
 *
 *   pages=N verified=N wrong_pages=N wrong_bytes=N sigbus=N
 *
 * where verified counts the pages compared, over all passes. With --share a child
 * verifies each pass too, and with --merge the kernel may merge equal pages: those
 * of two runs with the same seed. The exit status
 * is 1 if a byte was wrong; lost pages alone do not make it fail.
 */
#include <errno.h>
#include <getopt.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pattern.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

#define WORKERS_MAX 64
#define RESULTS_MAX (2 * WORKERS_MAX)

struct options {
	struct pattern pattern;
	uint64_t mib;
	uint64_t passes;
	uint64_t workers;
	uint64_t rewrite_percent;
	int pageout;
	int huge;
	int merge;
	int share;
	const char *wait_path;
};

struct result {
	uint64_t pages;
	uint64_t verified;
	uint64_t wrong_pages;
	uint64_t wrong_bytes;
	uint64_t sigbus;
};

struct hog {
	const struct options *options;
	struct result *result;
	struct result *reader_result;
	struct pattern pattern;
	unsigned char *memory;
	bool *lost;
	uint64_t pages;
	pid_t reader;
};

static sigjmp_buf page_lost;

static void on_sigbus(int signal_nr)
{
	(void)signal_nr;
	siglongjmp(page_lost, 1);
}

static void die(const char *what)
{
	fprintf(stderr, "hog: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *map_anonymous(size_t bytes, int flags)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_ANONYMOUS | flags, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

/* Whether @page is written in @pass; all are in the first. */
static bool is_written(const struct hog *hog, uint64_t page, uint64_t pass)
{
	return !pass || pattern_mix(page * 31 + pass) % 100 <
				hog->options->rewrite_percent;
}

/* The pass before @pass in which @page was written last. */
static uint64_t last_written(const struct hog *hog, uint64_t page, uint64_t pass)
{
	do
		pass--;
	while (!is_written(hog, page, pass));
	return pass;
}

static void compare(struct hog *hog, const unsigned char *got,
		    const unsigned char *want)
{
	/* This comes first, because it may raise SIGBUS. */
	bool same = !memcmp(got, want, PATTERN_PAGE_BYTES);
	uint64_t wrong = 0;
	size_t i;

	hog->result->verified++;
	if (same)
		return;
	for (i = 0; i < PATTERN_PAGE_BYTES; i++)
		wrong += got[i] != want[i];
	hog->result->wrong_pages++;
	hog->result->wrong_bytes += wrong;
}

/* Verify what passes before @pass left in @page, then write it if it is time. */
static void visit(struct hog *hog, uint64_t page, uint64_t pass, bool may_write)
{
	unsigned char *memory = hog->memory + page * PATTERN_PAGE_BYTES;
	uint64_t want[PATTERN_WORDS];

	if (hog->lost[page])
		return;
	if (sigsetjmp(page_lost, 1)) {
		hog->lost[page] = true;
		hog->result->sigbus++;
		return;
	}
	if (pass) {
		pattern_fill(&hog->pattern, page, last_written(hog, page, pass),
			     want);
		compare(hog, memory, (unsigned char *)want);
	}
	if (may_write && is_written(hog, page, pass)) {
		pattern_fill(&hog->pattern, page, pass, want);
		memcpy(memory, want, sizeof(want));
	}
}

static void wait_for_file(const char *path)
{
	while (access(path, F_OK))
		usleep(50000);
}

/* Let the caller act on pages that are all filled: until it makes a file. */
static void wait_for_caller(const char *path)
{
	puts("filled");
	fflush(stdout);
	wait_for_file(path);
}

static void advise(const struct hog *hog, int advice, const char *what)
{
	if (madvise(hog->memory, hog->pages * PATTERN_PAGE_BYTES, advice))
		die(what);
}

static void end_reader(struct hog *hog)
{
	int status;

	if (!hog->reader)
		return;
	if (waitpid(hog->reader, &status, 0) < 0 || status)
		die("reader");
	hog->reader = 0;
}

/*
 * A child that shares all pages, most of them on the swap device. It verifies what
 * passes before @pass left, while the parent writes its own copies.
 */
static void start_reader(struct hog *hog, uint64_t pass)
{
	uint64_t page;

	end_reader(hog);
	hog->reader = fork();
	if (hog->reader < 0)
		die("fork");
	if (hog->reader)
		return;
	hog->result = hog->reader_result;
	advise(hog, MADV_PAGEOUT, "MADV_PAGEOUT");
	/* The caller acts on these pages too. */
	if (pass == 1 && hog->options->wait_path)
		wait_for_file(hog->options->wait_path);
	for (page = 0; page < hog->pages; page++)
		visit(hog, page, pass, false);
	_exit(0);
}

static void run_passes(struct hog *hog)
{
	const struct options *options = hog->options;
	uint64_t page, pass;

	for (pass = 0; pass <= options->passes; pass++) {
		for (page = 0; page < hog->pages; page++)
			visit(hog, page, pass, pass < options->passes);
		if (options->pageout && pass < options->passes)
			advise(hog, MADV_PAGEOUT, "MADV_PAGEOUT");
		if (options->share && pass < options->passes)
			start_reader(hog, pass + 1);
		if (!pass && options->wait_path)
			wait_for_caller(options->wait_path);
	}
	end_reader(hog);
}

static void worker(const struct options *options, struct result *results,
		   unsigned int index)
{
	struct hog hog = {
		.options = options,
		.result = &results[index],
		.reader_result = &results[WORKERS_MAX + index],
		.pattern = options->pattern,
		.pages = (options->mib << 20) / PATTERN_PAGE_BYTES /
			 options->workers,
	};

	hog.pattern.seed += index;
	hog.memory = map_anonymous(hog.pages * PATTERN_PAGE_BYTES, MAP_PRIVATE);
	hog.lost = map_anonymous(hog.pages, MAP_PRIVATE);
	if (mlock(hog.lost, hog.pages))
		die("mlock");
	if (options->huge)
		advise(&hog, MADV_HUGEPAGE, "MADV_HUGEPAGE");
	if (options->merge)
		advise(&hog, MADV_MERGEABLE, "MADV_MERGEABLE");
	hog.result->pages = hog.pages;
	run_passes(&hog);
}

static void add_result(struct result *sum, const struct result *one)
{
	sum->pages += one->pages;
	sum->verified += one->verified;
	sum->wrong_pages += one->wrong_pages;
	sum->wrong_bytes += one->wrong_bytes;
	sum->sigbus += one->sigbus;
}

/* All workers to their end. Return: whether each of them reached it. */
static bool run_workers(const struct options *options, struct result *sum)
{
	struct result *results = map_anonymous(RESULTS_MAX * sizeof(*results),
					       MAP_SHARED);
	bool all_done = true;
	unsigned int i;
	int status;

	for (i = 0; i < options->workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			worker(options, results, i);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		all_done &= WIFEXITED(status) && !WEXITSTATUS(status);
	for (i = 0; i < RESULTS_MAX; i++)
		add_result(sum, &results[i]);
	return all_done;
}

static void usage(void)
{
	fputs("usage: hog [--mib N] [--passes N] [--workers N] [--seed N]\n"
	      "           [--zero PERCENT] [--same PERCENT] [--rewrite PERCENT]\n"
	      "           [--pageout] [--huge] [--merge] [--share] [--wait-for PATH]\n",
	      stderr);
	exit(2);
}

static void parse(struct options *options, int argc, char **argv)
{
	/* In the order of the first options of names[]. */
	uint64_t *const numbers[] = {
		&options->mib, &options->passes, &options->workers,
		&options->rewrite_percent, &options->pattern.seed,
		&options->pattern.zero_percent, &options->pattern.same_percent,
	};
	const struct option names[] = {
		{ "mib", required_argument, NULL, 0 },
		{ "passes", required_argument, NULL, 1 },
		{ "workers", required_argument, NULL, 2 },
		{ "rewrite", required_argument, NULL, 3 },
		{ "seed", required_argument, NULL, 4 },
		{ "zero", required_argument, NULL, 5 },
		{ "same", required_argument, NULL, 6 },
		{ "pageout", no_argument, &options->pageout, 1 },
		{ "huge", no_argument, &options->huge, 1 },
		{ "merge", no_argument, &options->merge, 1 },
		{ "share", no_argument, &options->share, 1 },
		{ "wait-for", required_argument, NULL, 'W' },
		{ NULL, 0, NULL, 0 },
	};
	int name, index;

	while ((name = getopt_long(argc, argv, "", names, &index)) != -1) {
		if (name == '?')
			usage();
		else if (name == 'W')
			options->wait_path = optarg;
		else if (names[index].has_arg)
			*numbers[name] = strtoull(optarg, NULL, 0);
	}
	if (optind != argc || !options->mib || !options->passes ||
	    !options->workers || options->workers > WORKERS_MAX ||
	    !options->pattern.seed)
		usage();
}

int main(int argc, char **argv)
{
	struct options options = {
		.pattern.seed = 0x70736d65,
		.mib = 64,
		.passes = 2,
		.workers = 1,
		.rewrite_percent = 100,
	};
	struct result sum = { 0 };
	bool all_done;

	parse(&options, argc, argv);
	signal(SIGBUS, on_sigbus);
	all_done = run_workers(&options, &sum);
	printf("pages=%llu verified=%llu wrong_pages=%llu wrong_bytes=%llu sigbus=%llu\n",
	       (unsigned long long)sum.pages, (unsigned long long)sum.verified,
	       (unsigned long long)sum.wrong_pages,
	       (unsigned long long)sum.wrong_bytes,
	       (unsigned long long)sum.sigbus);
	if (!all_done) {
		fputs("hog: a worker died\n", stderr);
		return 2;
	}
	return sum.wrong_bytes != 0;
}
