// SPDX-License-Identifier: GPL-2.0
/*
 * confirm.c - ask before a region is destroyed
 *
 * A region that this version refuses is asked about too: another version, or the
 * device with its old size, may still use it.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "confirm.h"
#include "message.h"

static void describe(const struct region *region)
{
	const char *path = region->device.path;
	int i;

	if (region->current >= 0) {
		error("%s: holds a pmemswap region already", path);
		return;
	}
	error("%s: holds a pmemswap region that cannot be used", path);
	for (i = 0; i < 2; i++)
		error("%s: the %s superblock is %s", path, region_super_name(i),
		      region_super_text(&region->super[i]));
	error("%s: %s", path, psw_super_advice(region_refusal(region)));
}

/*
 * Returns 0 if there is no region, or if the user agrees to lose it. @question says
 * what will be done; @yes is the answer if the user was not to be asked.
 */
int confirm_loss(const struct region *region, const char *question, bool yes)
{
	const char *path = region->device.path;
	char answer[16] = "";

	if (yes || !region_has_supers(region))
		return 0;
	describe(region);
	if (!isatty(STDIN_FILENO)) {
		error("%s: %s needs --yes", path, question);
		return -EEXIST;
	}
	fprintf(stderr, "Is it all right %s? [y/N] ", question);
	if (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'))
		return 0;
	error("%s: nothing was written", path);
	return -ECANCELED;
}
