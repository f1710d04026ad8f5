/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_renewal.h"

#include "proto/renew.h"

struct counting {
	struct renewal_counts counts;
	int64_t now_s;
};

static int see_identity(void *arg, const struct registry_identity *identity)
{
	struct counting *counting = arg;
	struct renewal_counts *counts = &counting->counts;

	if (identity->state != IDENTITY_CURRENT ||
		identity->expires_s - counting->now_s > RENEW_LATE_S)
		return 0;
	if (identity->expires_s <= counting->now_s)
		counts->expired++;
	else
		counts->late++;
	if (!counts->agent)
		counts->agent = identity->agent;
	return 0;
}

static int see_parked(void *arg, const struct registry_parked *parked)
{
	struct renewal_counts *counts = &((struct counting *)arg)->counts;

	if (parked->admitted_s)
		return 0;
	if (!counts->parked++)
		counts->agent = parked->agent;
	return 0;
}

int renewal_count(struct registry *registry, int64_t now_s, struct renewal_counts *ret_counts,
	struct err *err)
{
	struct counting counting = {.now_s = now_s};
	int r = registry_parked(registry, 0, see_parked, &counting, err);

	if (r == 0)
		r = registry_identities(registry, 0, see_identity, &counting, err);
	if (r == 0)
		*ret_counts = counting.counts;
	return r;
}
