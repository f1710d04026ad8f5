/* SPDX-License-Identifier: Apache-2.0 */
/* The text that Prometheus reads (exposition format 0.0.4). Pure. The error sticks. */
#ifndef PANTAU_WEB_EXPOSITION_H
#define PANTAU_WEB_EXPOSITION_H

#include <stddef.h>

#include "common/buf.h"

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct label { /* an array of them ends with a name that is NULL */
	const char *name, *value;
};

struct exposition {
	struct buf *out; /* borrowed */
	int failed; /* 0 or the first negative errno */
};

/* HELP and TYPE ("counter", "gauge") of the samples that follow. */
void exposition_head(struct exposition *to, const char *name, const char *type, const char *help);
/* `labels` may be NULL. NAN is written as such. */
void exposition_sample(
	struct exposition *to, const char *name, const struct label *labels, double value);

#endif
