/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a power cut does to a folder of segment files: whatever was written after the last sync may be
 * there, in part, as zeros, or not at all.
 */
#ifndef PANTAU_TESTS_SIM_DISK_H
#define PANTAU_TESTS_SIM_DISK_H

#include <sys/types.h>

#include "tests/sim/draw.h"

struct disk_mark { /* the end of what is safe */
	char newest[32]; /* segment file; "" none */
	off_t size;
};

/* Everything in the folder is safe now. */
void disk_mark(const char *folder, struct disk_mark *ret_mark);
void disk_cut_power(const char *folder, const struct disk_mark *mark, struct draw *draw);
/* Deletes the folder's files and the folder. */
void disk_remove(const char *folder);

#endif
