/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a power cut does to a folder of segment files: what the program synced is there; whatever it
 * wrote after that may be there too, sector by sector in any order, as zeros, as something older,
 * or not at all. To know what was synced,
 * disk.c stands in for fsync() and fdatasync() of the whole program.
 */
#ifndef PANTAU_TESTS_SIM_DISK_H
#define PANTAU_TESTS_SIM_DISK_H

#include "tests/sim/draw.h"

/* A program that is killed says no more to the disk, whatever its destructors do. */
void disk_hear_syncs(bool hear);
void disk_cut_power(const char *folder, struct draw *draw);

#define DISK_MEMORY "memory" /* in the folder: a folder of what is in RAM, whatever is cut */
/* Deletes the folder's files and the folder, and forgets what was synced. */
void disk_remove(const char *folder);

#endif
