/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what agents say of their configuration (collector/followers.h), and writes it to its file
 * off the loop, every few seconds at most. */
#ifndef PANTAU_COLLECTOR_INGEST_FOLLOW_H
#define PANTAU_COLLECTOR_INGEST_FOLLOW_H

#include <uv.h>

#include "collector/followers.h"

struct follow;

/* A damaged file is warned of and begun anew: agents say it all again. Copies the state's path. */
int follow_new(uv_loop_t *loop, const char *state, struct follow **ret_follow, struct err *err);
void follow_take(struct follow *follow, uint32_t agent, const struct following *said);
/* Once a second: writes if there is something new and it is time. */
void follow_tick(struct follow *follow);
/* How many agents would not take what was asked of them last. */
size_t follow_refusing(const struct follow *follow);
/* Writes what is left. The loop has run to its end. NULL is accepted. */
void follow_free(struct follow *follow);

#endif
