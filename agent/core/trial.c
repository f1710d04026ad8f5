/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/trial.h"

void trial_init(struct trial *trial, uint64_t limit_us, uint64_t now_us)
{
	*trial = (struct trial){.limit_us = limit_us, .tokens = TRIAL_BURST, .refilled_us = now_us};
}

bool trial_resume(struct trial *trial, uint32_t version, unsigned starts, uint64_t now_us)
{
	if (starts > TRIAL_STARTS_MAX) {
		trial->given_up = version;
		return false;
	}
	trial->before = trial->followed;
	trial->followed = version;
	trial->trying = true;
	trial->since_us = now_us;
	return true;
}

/* ---- how often */

static void refill(struct trial *trial, uint64_t now_us)
{
	while (trial->tokens < TRIAL_BURST && now_us - trial->refilled_us >= TRIAL_REFILL_US) {
		trial->refilled_us += TRIAL_REFILL_US;
		trial->tokens++;
	}
	if (trial->tokens == TRIAL_BURST)
		trial->refilled_us = now_us;
}

static void spend(struct trial *trial, uint64_t now_us)
{
	refill(trial, now_us);
	if (trial->tokens > 0)
		trial->tokens--;
}

uint64_t trial_offer(const struct trial *trial, uint32_t version, uint64_t now_us)
{
	struct trial then = *trial;
	uint64_t at_us = trial->looked_us ? trial->looked_us + TRIAL_LOOK_US : 0;

	if (version == 0 || version == trial->followed || version == trial->given_up)
		return TRIAL_NEVER;
	if (trial->trying) /* one at a time; heard and failure come first */
		return trial_fails_us(trial);
	refill(&then, now_us);
	if (then.tokens == 0 && at_us < then.refilled_us + TRIAL_REFILL_US)
		at_us = then.refilled_us + TRIAL_REFILL_US;
	return at_us;
}

void trial_refuse(struct trial *trial, uint64_t now_us)
{
	trial->looked_us = now_us;
}

/* ---- the trial */

void trial_take(struct trial *trial, uint32_t version, uint64_t now_us)
{
	spend(trial, now_us);
	trial->before = trial->followed;
	trial->followed = version;
	trial->trying = true;
	trial->doubted = false;
	trial->since_us = now_us;
}

void trial_adopt(struct trial *trial, uint32_t version, uint64_t now_us)
{
	spend(trial, now_us);
	trial->followed = version;
}

uint64_t trial_settles_us(const struct trial *trial)
{
	return trial->trying ? trial->since_us + trial->limit_us / TRIAL_SETTLE_PARTS : TRIAL_NEVER;
}

uint64_t trial_fails_us(const struct trial *trial)
{
	return trial->trying ? trial->since_us + trial->limit_us : TRIAL_NEVER;
}

uint64_t trial_acquits_us(const struct trial *trial)
{
	return trial->doubted ? trial->since_us + trial->limit_us : TRIAL_NEVER;
}

bool trial_heard(struct trial *trial, uint64_t now_us)
{
	trial->doubted = false;
	if (now_us < trial_settles_us(trial) || !trial->trying)
		return false;
	trial->trying = false;
	return true;
}

bool trial_fails(struct trial *trial, uint64_t now_us)
{
	if (now_us < trial_fails_us(trial) || !trial->trying)
		return false;
	trial->trying = false;
	trial->doubted = true;
	trial->since_us = now_us;
	trial->given_up = trial->followed;
	trial->followed = trial->before;
	return true;
}

bool trial_acquits(struct trial *trial, uint64_t now_us)
{
	if (now_us < trial_acquits_us(trial) || !trial->doubted)
		return false;
	trial->doubted = false;
	trial->given_up = 0;
	return true;
}
