/* SPDX-License-Identifier: Apache-2.0 */
/* What the scheduler asks and what came of it: the words between schedule, probes and slots. */
#ifndef PANTAU_AGENT_CORE_QUESTION_H
#define PANTAU_AGENT_CORE_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/model.h"

struct question {
	uint64_t round_us; /* monotonic: when its round was due; names the round, and so the slot */
	struct target target;
	enum probe_kind kind;
	bool follow_up; /* asked because the round was about to be lost */
};

struct answer {
	uint64_t sent_us; /* monotonic: when the question left, or was refused */
	enum outcome outcome;
	enum refusal refusal; /* OUTCOME_REFUSED only */
	uint32_t rtt_us; /* OUTCOME_ANSWERED only, at most RTT_MAX_US */
	struct stamp stamp; /* PROBE_STAMP only: what this answer tells of packets */
};

bool target_same(const struct target *a, const struct target *b);

#endif
