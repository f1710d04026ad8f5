/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes bytes fewer, exactly: what was there before is named by its distance instead of said again.
 * Made for a run of alike records, a few kilobytes at a time. Pure.
 *
 *   | token | literals ... | length's rest | distance |   token ...   until all bytes are there
 *     |        ^ new bytes
 *     +- 3 bits how many literals (7: and more), 4 bits how many bytes match (0: none, 1: 2 bytes,
 *        15: 16 bytes and more), 1 bit: at the same distance as the match before
 *
 * Counts beyond the token's and distances are varints (common/pack.h).
 */
#ifndef PANTAU_AGENT_CORE_SQUEEZE_H
#define PANTAU_AGENT_CORE_SQUEEZE_H

#include "common/buf.h"

#define SQUEEZE_BYTES_MAX 60000 /* places are kept in 16 bits */

/* Appends the fewer bytes to `out` (at most a sixteenth more than `length`, and 16). -EMSGSIZE,
 * -ENOBUFS, -ENOMEM. */
int squeeze(const uint8_t *bytes, size_t length, struct buf *out);
/* The other way: gives exactly `ret_length` bytes. -EBADMSG for bytes that squeeze() did not make,
 * whatever they are; then ret_bytes holds anything. */
int squeeze_undo(const uint8_t *bytes, size_t length, uint8_t *ret_bytes, size_t ret_length);

#endif
