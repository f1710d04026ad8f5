/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured: outages, and by whom. */
#include <stdlib.h>
#include <string.h>

#include "collector/closing/gather_private.h"
#include "collector/report/outage_report.h"
#include "collector/store/closed_month.h"
#include "common/civil.h"

struct listing {
	struct scope *scope;
	struct table *table;
};

static int add_outage(void *arg, const struct sla_outage *outage)
{
	const struct listing *listing = arg;

	outage_report_add(listing->table, outage);
	return 0;
}

int gather_outages(struct scope *scope)
{
	const struct sla_query query = scope_query(scope);
	struct listing listing = {scope, outage_report_new()};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = sla_outages(scope->gather->source, &query, add_outage, &listing, scope->err);
	return scope_put(scope, TABLE_OUTAGES, listing.table, r);
}

/* ---- evidence: whose word the figures stand on */

static const struct table_column evidence_columns[] = {
	{"link"},
	{"agent"},
	{"wan"},
	{"from"},
	{"to"},
	{"certificate"},
	{"records"}, /* of the agent, all that were kept when this was gathered */
	{"slots"},
	{NULL},
};

struct device {
	uint32_t agent;
	char fingerprint[REGISTRY_HEX_BYTES];
	int64_t records, slots;
};

struct witnesses {
	struct scope *scope;
	struct table *table;
	struct device *devices; /* by agent, as the registry lists them */
	size_t device_count, device_room;
};

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

static int add_device(void *arg, const struct registry_agent *agent)
{
	struct witnesses *witnesses = arg;
	struct device *device;

	if (witnesses->device_count == witnesses->device_room) {
		size_t room = witnesses->device_room ? witnesses->device_room * 2 : 64;
		struct device *devices = realloc(witnesses->devices, room * sizeof(*devices));
		if (!devices)
			return scope_no_memory(witnesses->scope);
		witnesses->devices = devices;
		witnesses->device_room = room;
	}
	device = &witnesses->devices[witnesses->device_count++];
	*device = (struct device){.agent = agent->id};
	memcpy(device->fingerprint, agent->fingerprint, sizeof(device->fingerprint));
	return 0;
}

static int by_agent(const void *left, const void *right)
{
	const struct device *a = left, *b = right;

	return (a->agent > b->agent) - (a->agent < b->agent);
}

/* NULL: the registry has no such agent. */
static struct device *find_device(const struct witnesses *witnesses, uint32_t agent)
{
	const struct device key = {.agent = agent};

	if (!witnesses->device_count)
		return NULL;
	return bsearch(&key, witnesses->devices, witnesses->device_count, sizeof(key), by_agent);
}

static int add_counts(void *arg, const struct closed_witness *witness)
{
	struct device *device = find_device(arg, witness->agent);

	if (device) {
		device->records = witness->records;
		device->slots = witness->slots;
	}
	return 0;
}

static int add_binding(void *arg, const struct registry_binding *binding)
{
	struct witnesses *witnesses = arg;
	const struct gather *gather = witnesses->scope->gather;
	struct table *table = witnesses->table;
	const struct device *device;

	if (binding->from_s >= gather->span.to || binding->to_s <= gather->span.from ||
		!scope_find_link(witnesses->scope, binding->link))
		return 0;
	table_number(table, binding->link);
	table_number(table, binding->agent);
	table_text(table, binding->wan);
	put_time(table, binding->from_s);
	put_time(table, binding->to_s);
	device = find_device(witnesses, binding->agent);
	table_text(table, device ? device->fingerprint : "");
	table_number(table, device ? device->records : 0);
	table_number(table, device ? device->slots : 0);
	return 0;
}

static int gather_evidence(struct scope *scope)
{
	struct registry *registry = scope->gather->source->registry;
	struct witnesses witnesses = {.scope = scope, .table = table_new(evidence_columns)};
	int r;

	if (!witnesses.table)
		return scope_no_memory(scope);
	r = registry_agents(registry, add_device, &witnesses, scope->err);
	if (r == 0 && witnesses.device_count)
		qsort(witnesses.devices, witnesses.device_count, sizeof(*witnesses.devices),
			by_agent);
	if (r == 0 && scope->gather->source->ledger)
		r = closed_witnesses(
			scope->gather->source->ledger, add_counts, &witnesses, scope->err);
	if (r == 0)
		r = registry_bindings(registry, 0, add_binding, &witnesses, scope->err);
	free(witnesses.devices);
	return scope_put(scope, TABLE_EVIDENCE, witnesses.table, r);
}

int gather_ledger(struct scope *scope)
{
	int r = gather_outages(scope);

	if (r == 0)
		r = gather_losses(scope);
	return r == 0 ? gather_evidence(scope) : r;
}
