/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the spool's logs hold beside records: which runs there are, what is acknowledged of them,
 * what was lost.
 *
 *   state   | 'S' runs, what is acknowledged of them, gaps |
 */
#ifndef PANTAU_AGENT_SPOOL_FORMAT_H
#define PANTAU_AGENT_SPOOL_FORMAT_H

#include "agent/core/held.h"
#include "common/buf.h"
#include "proto/codec.h"

/* The time that a record covers. */
struct held_span spool_record_span(const struct record *record);

/* Appends a state record, from the run on (0: all, and the gaps): states read back add up. Gaps
 * that do not fit are left out: a restart finds them again by their numbers, with a coarser
 * time. */
int spool_state_encode(const struct held *held, uint32_t from_run, struct buf *out);
bool spool_is_state(const uint8_t *bytes, size_t length);
/* Takes in one that was read back. -EBADMSG if it makes no sense; then what stood before
 * the senseless part was taken in. */
int spool_state_decode(const uint8_t *bytes, size_t length, struct held *held);

#endif
