/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `pantau-collector run`: all its processes as children of one. A child that dies is started again
 * after a while; the children end with the parent, whatever ends it.
 */
#ifndef PANTAU_COLLECTOR_FAMILY_H
#define PANTAU_COLLECTOR_FAMILY_H

#include <stddef.h>

#include "common/err.h"

struct family_member { /* borrowed */
	const char *name;
	int (*run)(void *arg); /* the child's exit status */
	void *arg;
};

/*
 * Starts the members in their order and runs until SIGTERM or SIGINT; SIGHUP is passed on. Then
 * ends them one by one in the reverse order. 0, or a negative errno with words.
 */
int family_run(const struct family_member *members, size_t count, struct err *err);

#endif
