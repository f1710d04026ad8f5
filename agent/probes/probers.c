/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/probers.h"

#include <errno.h>
#include <stdlib.h>

#define TYPES_MAX 8 /* rows that the table may grow to */

struct probers {
	void *opened[TYPES_MAX]; /* in the table's order */
};

int probers_open(uv_loop_t *loop, struct probers **ret_probers, struct err *err)
{
	struct probers *probers = calloc(1, sizeof(*probers));
	int status = 0;

	if (!probers)
		return err_errno(err, -ENOMEM, "probes");
	for (size_t i = 0; i < TYPES_MAX && probe_types[i] && status == 0; i++)
		status = probe_types[i]->open(loop, &probers->opened[i], err);
	if (status < 0) {
		probers_close(probers);
		return status;
	}
	*ret_probers = probers;
	return 0;
}

enum refusal probers_ask(
	const struct probers *probers, enum probe_kind kind, const struct probe_request *request)
{
	for (size_t i = 0; i < TYPES_MAX && probe_types[i]; i++)
		if (probe_types[i]->kind == kind)
			return probe_types[i]->ask(probers->opened[i], request);
	return REFUSAL_OTHER;
}

void probers_forget(const struct probers *probers, const void *arg)
{
	for (size_t i = 0; i < TYPES_MAX && probe_types[i]; i++)
		probe_types[i]->forget(probers->opened[i], arg);
}

void probers_close(struct probers *probers)
{
	if (!probers)
		return;
	for (size_t i = 0; i < TYPES_MAX && probe_types[i]; i++)
		if (probers->opened[i])
			probe_types[i]->close(probers->opened[i]);
	free(probers);
}
