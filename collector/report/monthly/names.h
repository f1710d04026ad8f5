/* SPDX-License-Identifier: Apache-2.0 */
/* Names of regions: as they were when the month was closed, or as the registry has them now. */
#ifndef PANTAU_REPORT_MONTHLY_NAMES_H
#define PANTAU_REPORT_MONTHLY_NAMES_H

#include "collector/store/closed_month.h"
#include "collector/store/sla.h"

struct report_names;

/* `closed` NULL: now. */
int names_open(const struct sla_source *source, const struct closed_month *closed,
	struct report_names **ret_names, struct err *err);
void names_free(struct report_names *names);

/* "" where it is unknown. Borrowed until the names are freed. -ENOMEM or a negative errno of the
 * registry leaves *ret_name alone. */
int names_find(
	struct report_names *names, const char *code, const char **ret_name, struct err *err);

#endif
