/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process of the collector says of itself on its status socket.
 */
#ifndef PANTAU_WEB_STATUS_H
#define PANTAU_WEB_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct status;

/* Asks the process NAME by its socket. Negative errno with words: it does not answer. */
int status_ask(const char *state, const char *name, struct status **ret_status, struct err *err);
/* Reads an answer. -EPROTO with words. */
int status_parse(const void *json, size_t length, struct status **ret_status, struct err *err);
void status_free(struct status *status);

/* Members by key, inside objects by "outer.inner". The outputs stay when there is none of that
 * kind. A number may also be true (1) or false (0). */
bool status_number(const struct status *status, const char *key, double *ret_number);
/* Borrowed for as long as the status; NULL when absent. */
const char *status_text(const struct status *status, const char *key);

#endif
