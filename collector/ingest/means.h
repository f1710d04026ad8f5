/* SPDX-License-Identifier: Apache-2.0 */
/* What the process needs of its machine: identity, descriptors, a clock. */
#ifndef PANTAU_INGEST_MEANS_H
#define PANTAU_INGEST_MEANS_H

#include <stddef.h>

#include "collector/settings.h"
#include "common/tls.h"
#include "proto/receiver.h"

/* The server's identity and the CA of the agents, out of the state folder. */
int ingest_tls(const char *state, struct tls_context **ret_tls, struct err *err);
/* Raises the limit of open files as far as it goes; how many of the wanted connections fit. */
size_t limits_raise(size_t wanted);
/* Whether agents may be given time, and how sure it is. */
void means_read_clock(const struct settings *settings, struct receiver_clock *ret_clock);

#endif
