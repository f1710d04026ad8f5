/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration from afar on trial: it is kept once the collector was heard some time after it
 * was taken, and given up when that does not happen in time. Also how often one may be taken at
 * all, because each is written to flash. Pure: versions and time, no texts.
 *
 *   offered -> (wait for its turn) -> take -> TRYING -- heard after a while --> KEPT
 *                  \-> refuse (not allowed)      \-- not heard for limit_us --> GO BACK
 *
 *   GO BACK -- heard soon --> given up            -- not heard either --> may be tried again
 *
 * It was to blame only if the collector is heard again without it. Otherwise the link was down, or
 * the collector, as happens: then it may be taken again.
 */
#ifndef PANTAU_AGENT_CORE_TRIAL_H
#define PANTAU_AGENT_CORE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#define TRIAL_SETTLE_PARTS 20 /* of the limit: what is heard sooner may have left before */
#define TRIAL_BURST 6 /* a person tries things out */
#define TRIAL_REFILL_US (3600ULL * 1000000) /* after that one an hour: three fsyncs each */
#define TRIAL_LOOK_US (10ULL * 1000000) /* one that is refused is looked at no sooner than this */
#define TRIAL_STARTS_MAX \
	5 /* of the program with one on trial: power fails; but it may crash by it */
#define TRIAL_NEVER UINT64_MAX

struct trial {
	uint64_t limit_us;
	uint32_t followed; /* in force; 0: the agent's own file alone */
	uint32_t before; /* while trying: to go back to */
	uint32_t given_up; /* never taken again; 0: none */
	bool trying;
	bool doubted; /* given up, and the collector was not heard since */
	uint64_t since_us; /* when it was taken; doubted: when it was given up */
	uint64_t looked_us; /* when one was refused last; 0: none was */
	unsigned tokens;
	uint64_t refilled_us;
};

void trial_init(struct trial *trial, uint64_t limit_us, uint64_t now_us);
/* As it was when the program ended: `starts` counts this start too. false: it was tried often
 * enough, go back (trial->followed is what was before). */
bool trial_resume(struct trial *trial, uint32_t version, unsigned starts, uint64_t now_us);

/* When an offer of this version may be looked at: now_us or earlier means now. TRIAL_NEVER: it is
 * followed, or was given up. */
uint64_t trial_offer(const struct trial *trial, uint32_t version, uint64_t now_us);
/* It was looked at and is not allowed. */
void trial_refuse(struct trial *trial, uint64_t now_us);
/* It was looked at and taken: in force from now on. */
void trial_take(struct trial *trial, uint32_t version, uint64_t now_us);
/* The same for one that says what is in force already: kept at once. */
void trial_adopt(struct trial *trial, uint32_t version, uint64_t now_us);
/* The collector was heard. true: the one on trial is kept from now on. */
bool trial_heard(struct trial *trial, uint64_t now_us);
/* true: its time is up; followed is what was before, given_up what it was. */
bool trial_fails(struct trial *trial, uint64_t now_us);
/* true: without it the collector was not heard either, and it may be taken again. */
bool trial_acquits(struct trial *trial, uint64_t now_us);
/* When to ask the collector whether it is there. TRIAL_NEVER: there is nothing to settle. */
uint64_t trial_settles_us(const struct trial *trial);
uint64_t trial_fails_us(const struct trial *trial);
uint64_t trial_acquits_us(const struct trial *trial);

#endif
