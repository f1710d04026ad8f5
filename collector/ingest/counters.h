/* SPDX-License-Identifier: Apache-2.0 */
/* What the ingest process counts, for its status. Plain data, of the loop alone. */
#ifndef PANTAU_COLLECTOR_INGEST_COUNTERS_H
#define PANTAU_COLLECTOR_INGEST_COUNTERS_H

#include <stdint.h>

#include "collector/ingest/latency.h"
#include "proto/enrol.h"
#include "proto/model.h"

#define COUNTERS_CODES 8 /* of rejections and refusals: room for a few more than there are */

_Static_assert(REJECT_UNSUPPORTED < COUNTERS_CODES, "each rejection is counted");
_Static_assert(REFUSE_REPLACED < COUNTERS_CODES, "each refusal is counted");

struct counters {
	uint64_t connections; /* ever accepted */
	uint64_t over_limit; /* turned away at the door: as many as may be are connected */
	uint64_t turned_away; /* as many stood in line for their handshake */
	uint64_t handshakes_failed; /* TLS: wrong CA, garbage, ... */
	uint64_t handshakes_late; /* not greeted in time */
	uint64_t idle_closed;
	uint64_t refused[COUNTERS_CODES]; /* sessions, by enum refuse_code */
	uint64_t clones; /* agents of which two devices took turns */
	uint64_t records; /* sound ones made durable, duplicates included */
	uint64_t duplicates;
	uint64_t rejected[COUNTERS_CODES]; /* records kept but rejected, by enum reject_code */
	uint64_t enrolments[ENROL_CODE_COUNT]; /* answered, by enum enrol_code */
	uint64_t bytes_in; /* plain */
	struct latency ack; /* from the read to the ACK handed to the socket */
};

#endif
