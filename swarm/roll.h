/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the agents are: a folder for each, as `pantau agent issue` made it, and a table of them,
 * agents.csv beside the folders, as `pantau agent issue --every-link` prints it:
 *
 *   agent,link,folder,desa,provider,kind[,mains,mbps_down,mbps_up]
 *
 * Without the table nobody knows more of an agent than its number.
 */
#ifndef PANTAU_SWARM_ROLL_H
#define PANTAU_SWARM_ROLL_H

#include <stddef.h>

#include "common/err.h"
#include "swarm/subject.h"

struct roll_entry {
	char *folder; /* its path */
	struct subject subject;
};

struct roll {
	struct roll_entry *entries;
	size_t count;
};

/* Folders of DIR, a2 before a10. -ENOENT when there is none; errors in the table name file, line,
 * field and value. */
int roll_read(const char *folder, size_t max, struct roll *ret_roll, struct err *err);
void roll_done(struct roll *roll);

#endif
