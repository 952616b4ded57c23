/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scene.h - two actors on a region, in every order of their steps
 */
#ifndef SCENE_H
#define SCENE_H

#include "steer.h"

/**
 * struct scene - what two actors do to a region
 * @prepare: bring the region to where they begin
 * @act: what each does
 * @check: what is wrong afterwards, or NULL
 */
struct scene {
	void (*prepare)(struct rig *rig);
	void (*act[2])(struct rig *rig);
	const char *(*check)(struct rig *rig);
};

unsigned long scene_explore(struct rig *rig, const struct scene *of,
			    unsigned int depth, unsigned int stride);

#endif /* SCENE_H */
