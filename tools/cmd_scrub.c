// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_scrub.c - let the module read all pages of an attached region
 */
#include <stdio.h>
#include <time.h>

#include "commands.h"
#include "disk.h"
#include "message.h"
#include "progress.h"

#define POLL_MS		200

static struct {
	bool no_wait;
	bool stop;
} asked;

static const struct command_option options[] = {
	{ 'b', "no-wait", .help = "start it in the background, and do not wait",
	  .flag = &asked.no_wait },
	{ 's', "stop", .help = "stop the scrub that is running",
	  .flag = &asked.stop },
	COMMAND_OPTIONS_COMMON
};

struct scrub {
	struct disk disk;
	__u64 slots_before;	/* that scrubs had read before this one */
	__u64 slots_read;
	__u64 pages_lost;	/* held now, whoever found them */
};

static void pause_a_moment(void)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };

	nanosleep(&pause, NULL);
}

static int look(struct scrub *scrub, __u64 *running)
{
	__u64 slots;
	int err = disk_read(&scrub->disk, "scrub", running);

	if (!err)
		err = disk_read(&scrub->disk, "scrub_slots", &slots);
	if (!err)
		scrub->slots_read = slots - scrub->slots_before;
	return err;
}

/* Pages come and go meanwhile, so the bar may end before or after its end. */
static int wait_for_end(struct scrub *scrub, __u64 slots_used)
{
	struct progress progress;
	__u64 running = 1;
	int err = 0;

	progress_start(&progress, "Reading the pages", slots_used);
	while (!err && running) {
		err = look(scrub, &running);
		progress_at(&progress, scrub->slots_read < slots_used ?
			    scrub->slots_read : slots_used);
		if (!err && running)
			pause_a_moment();
	}
	progress_end(&progress);
	return err;
}

static int scrub_disk(struct scrub *scrub)
{
	__u64 slots_used;

	if (disk_read(&scrub->disk, "slots_used", &slots_used) ||
	    disk_read(&scrub->disk, "scrub_slots", &scrub->slots_before) ||
	    disk_write(&scrub->disk, "scrub", "1"))
		return EXIT_OPERATIONAL;
	if (asked.no_wait)
		return EXIT_CLEAN;
	if (wait_for_end(scrub, slots_used) ||
	    disk_read(&scrub->disk, "pages_lost", &scrub->pages_lost))
		return EXIT_OPERATIONAL;
	printf("/dev/%s: %llu slots read, %llu lost pages are held\n", scrub->disk.name,
	       scrub->slots_read, scrub->pages_lost);
	return scrub->pages_lost ? EXIT_ERRORS_LEFT : EXIT_CLEAN;
}

static int scrub_run(const char *path)
{
	struct scrub scrub = { .slots_read = 0 };

	if (asked.stop && asked.no_wait) {
		error("scrub: --stop and --no-wait exclude each other");
		return command_usage_error("scrub");
	}
	if (disk_find(&scrub.disk, path))
		return EXIT_OPERATIONAL;
	if (asked.stop)
		return disk_write(&scrub.disk, "scrub", "0") ? EXIT_OPERATIONAL :
							       EXIT_CLEAN;
	return scrub_disk(&scrub);
}

const struct command cmd_scrub = {
	.name = "scrub",
	.summary = "find lost pages of an attached region early",
	.description =
		"Let the module read every slot in use once, to find lost pages before a program\n"
		"needs them. DEVICE is that of the region, or its disk /dev/pmemswapN. An\n"
		"interruption of this command does not stop the scrub.\n",
	.options = options,
	.takes_device = true,
	.run = scrub_run,
};
