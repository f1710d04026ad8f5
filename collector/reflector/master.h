/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master key of STAMP: STATE/stamp.key, 64 hexadecimal digits, mode 0600. From it follows the
 * key of every agent. `pantau init` makes it, the reflector and `pantau agent issue` read it.
 */
#ifndef PANTAU_COLLECTOR_REFLECTOR_MASTER_H
#define PANTAU_COLLECTOR_REFLECTOR_MASTER_H

#include <stdint.h>

#include "common/err.h"
#include "proto/stamp_packet.h"

/* Makes it, unless it is there. 1: it was made. */
int master_make(const char *state, struct err *err);
/* -ENOENT with words that say what to do. */
int master_read(const char *state, uint8_t ret_master[STAMP_MASTER_BYTES], struct err *err);

/* The port of the first address in [reflector] listen; 0 where that is empty: no reflector. */
uint16_t master_port(const char *listen);

#endif
