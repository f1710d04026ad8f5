/* SPDX-License-Identifier: Apache-2.0 */
/* What the process needs of its machine before it can begin: identity, descriptors. */
#ifndef PANTAU_INGEST_MEANS_H
#define PANTAU_INGEST_MEANS_H

#include <stddef.h>

#include "common/tls.h"

/* The server's identity and the CA of the agents, out of the state folder. */
int ingest_tls(const char *state, struct tls_context **ret_tls, struct err *err);
/* Raises the limit of open files as far as it goes; how many of the wanted connections fit. */
size_t limits_raise(size_t wanted);

#endif
