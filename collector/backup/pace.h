/* SPDX-License-Identifier: Apache-2.0 */
/* Slow on purpose: a backup that fills the disk's queue delays the acknowledgements of agents. */
#ifndef PANTAU_BACKUP_PACE_H
#define PANTAU_BACKUP_PACE_H

#include "collector/store/db_snapshot.h"

struct pace {
	uint64_t bytes_per_s; /* 0: as fast as it goes */
	uint64_t began_us, bytes;
};

/* The process takes what others leave of the processor and of the disk. */
void pace_yield(void);
/* Borrows. */
struct db_pace pace_begin(struct pace *pace, uint64_t bytes_per_s);

#endif
