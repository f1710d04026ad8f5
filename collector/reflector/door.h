/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One UDP address that questions come to: with the kernel's time of arriving and the TTL, and
 * answered from the very address that was asked.
 */
#ifndef PANTAU_COLLECTOR_REFLECTOR_DOOR_H
#define PANTAU_COLLECTOR_REFLECTOR_DOOR_H

#include <netinet/in.h>
#include <uv.h>

#include "collector/reflector/reflect.h"

#define DOOR_TEXT_BYTES 64

struct door;

/* `text`: "0.0.0.0:8620" or "[::]:8620"; port 0 lets the kernel choose. Borrows the reflector. */
int door_open(uv_loop_t *loop, const char *text, struct reflector *reflector,
	struct door **ret_door, struct err *err);
/* Where it listens. */
const char *door_text(const struct door *door);
/* Freed by its last close callback. NULL is fine. */
void door_close(struct door *door);

#endif
