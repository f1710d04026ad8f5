/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/errand.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/errands/dns.h"
#include "agent/errands/edge.h"
#include "agent/errands/evidence.h"
#include "agent/errands/http.h"
#include "agent/errands/inbox.h"
#include "agent/errands/speed.h"
#include "agent/errands/usage.h"

#define ERRANDS_MAX 16 /* more rows than the table has */

const struct errand_type *const errand_types[] = {
	&errand_dns,
	&errand_edge,
	&errand_evidence,
	&errand_inbox,
	&errand_usage,
	&errand_http,
	&errand_speed,
	NULL,
};

struct errands {
	size_t count;
	struct {
		const struct errand_type *type;
		void *errand;
	} open[ERRANDS_MAX];
};

int errands_open(
	const struct errand_context *context, struct errands **ret_errands, struct err *err)
{
	struct errands *errands = calloc(1, sizeof(*errands));

	if (!errands)
		return err_errno(err, -ENOMEM, "errands");
	for (size_t i = 0; errand_types[i]; i++) {
		const struct errand_type *type = errand_types[i];
		void *errand = NULL;
		int status = type->open(context, &errand, err);

		if (status < 0) {
			errands_close(errands);
			return err_prefix(err, "%s", type->name);
		}
		if (!errand)
			continue;
		errands->open[errands->count].type = type;
		errands->open[errands->count++].errand = errand;
	}
	*ret_errands = errands;
	return 0;
}

void errands_annotate(struct errands *errands, const char *wan, struct slot *slot)
{
	for (size_t i = 0; errands && i < errands->count; i++)
		if (errands->open[i].type->annotate)
			errands->open[i].type->annotate(errands->open[i].errand, wan, slot);
}

void errands_stop(struct errands *errands)
{
	for (size_t i = 0; errands && i < errands->count; i++)
		if (errands->open[i].type->stop)
			errands->open[i].type->stop(errands->open[i].errand);
}

void errands_close(struct errands *errands)
{
	if (!errands)
		return;
	while (errands->count) {
		errands->count--;
		errands->open[errands->count].type->close(errands->open[errands->count].errand);
	}
	free(errands);
}
