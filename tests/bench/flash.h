/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts what a program writes below a folder that stands for the router's flash, and refuses it
 * where that is wanted. To see it, flash.c stands in for open(), openat(), write(),
 * pwrite(), fsync() and fdatasync() of the whole program.
 */
#ifndef PANTAU_TESTS_BENCH_FLASH_H
#define PANTAU_TESTS_BENCH_FLASH_H

#include <stdint.h>

#define FLASH_PAGE 4096 /* a file system that keeps pages writes them whole */

struct flash_counts {
	uint64_t bytes; /* as they were written */
	uint64_t pages; /* that these touched between two syncs */
	uint64_t syncs;
};

/* Begins anew. The folder's name is borrowed; NULL: none. */
void flash_watch(const char *folder);
enum { FLASH_OPEN = 1, FLASH_WRITE = 2, FLASH_SYNC = 4, FLASH_UNTIL_REMOVED = 8 };
/* From now on these fail with the errno: opening for writing, writing, syncing; until a file is
 * removed, or for good. */
void flash_refuse(int error, unsigned what);
/* The process is killed by its n-th opening, write or sync from now on; a write is done by half. */
void flash_kill_at(uint64_t call);
struct flash_counts flash_counts(void);

#endif
