/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/enrol.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KABUPATEN 10 /* of as many kecamatan each */
#define PROVIDERS 7
#define EARLIER_S (40 * 86400) /* contracts and agents are this much older than the measuring */
#define DAY_S 86400
#define MAINTENANCE_S (2 * 3600)

static int64_t read_clock(void *arg)
{
	return *(const int64_t *)arg;
}

void enrol_desa(uint32_t link, char ret_code[REGION_CODE_BYTES])
{
	uint32_t number = link - 1;

	snprintf(ret_code, REGION_CODE_BYTES, "64.%02u.%02u.%04u", number % KABUPATEN + 1,
		number / KABUPATEN % KABUPATEN + 1, 2001 + number / KABUPATEN / KABUPATEN % 7000);
}

unsigned enrol_provider(uint32_t link)
{
	return (link - 1) % PROVIDERS + 1;
}

static int add_region(
	struct registry *registry, const char *code, const char *word, struct err *err)
{
	struct region region = {0};

	snprintf(region.code, sizeof(region.code), "%s", code);
	snprintf(region.name, sizeof(region.name), "%s %s", word, code);
	return registry_regions_import(registry, &region, 1, err);
}

static int add_regions(struct registry *registry, uint32_t links, struct err *err)
{
	struct region *desa = calloc(links, sizeof(*desa));
	char code[REGION_CODE_BYTES];
	int r = desa ? add_region(registry, "64", "Provinsi", err) : -ENOMEM;

	for (unsigned i = 0; r == 0 && i < KABUPATEN * KABUPATEN; i++) {
		snprintf(code, sizeof(code), "64.%02u.%02u", i / KABUPATEN + 1, i % KABUPATEN + 1);
		r = add_region(registry, code, "Kecamatan", err);
		code[5] = '\0';
		if (r == 0)
			r = add_region(registry, code, "Kabupaten", err);
	}
	for (uint32_t i = 0; r == 0 && i < links; i++) {
		enrol_desa(i + 1, desa[i].code);
		snprintf(desa[i].name, sizeof(desa[i].name), "Desa %" PRIu32, i + 1);
	}
	if (r == 0)
		r = registry_regions_import(registry, desa, links, err);
	free(desa);
	return r;
}

/* What kind of link it is, its router knows. */
static const struct profile *profile_of(const struct province_plan *plan, uint32_t agent)
{
	struct router_plan one = {.seed = plan->seed, .agent = agent};
	struct router router;

	router_init(&router, &one);
	return profile_at(router.minute.profile);
}

static int add_links(struct registry *registry, const struct province_plan *plan, struct err *err)
{
	struct registry_link *links = calloc(plan->links, sizeof(*links));
	int r;

	if (!links)
		return err_errno(err, -ENOMEM, "links");
	for (uint32_t i = 0; i < plan->links; i++) {
		enrol_desa(i + 1, links[i].desa);
		snprintf(
			links[i].provider, sizeof(links[i].provider), "P%u", enrol_provider(i + 1));
		links[i].kind = profile_of(plan, i + 1)->kind;
	}
	r = registry_links_import(registry, links, plan->links, err);
	free(links);
	return r;
}

static void fill_contract(
	const struct province_plan *plan, uint32_t link, struct registry_contract *ret_contract)
{
	const struct profile *profile = profile_of(plan, link);
	unsigned provider = enrol_provider(link) - 1;
	struct terms *terms = &ret_contract->terms;

	*ret_contract = (struct registry_contract){
		.link = link,
		.from_s = plan->from_s - EARLIER_S,
		.to_s = SPAN_FOREVER,
		.kbps_down = profile->kbps_down,
		.kbps_up = profile->kbps_up,
	};
	terms_init(terms);
	terms->target_ppm = 995000 - provider * 1000;
	terms->window_s = 300 + provider % 3 * 300;
	terms->fee_rupiah = 1200000 + provider * 100000;
	terms->formula = (enum formula)(provider % FORMULA_BANDS);
	terms->power = provider == 0 ? POWER_EXCLUDE : POWER_UNKNOWN;
}

static int add_contracts(
	struct registry *registry, const struct province_plan *plan, struct err *err)
{
	struct registry_contract *contracts = calloc(plan->links, sizeof(*contracts));
	int r;

	if (!contracts)
		return err_errno(err, -ENOMEM, "contracts");
	for (uint32_t i = 0; i < plan->links; i++)
		fill_contract(plan, i + 1, &contracts[i]);
	r = registry_contracts_import(registry, contracts, plan->links, err);
	free(contracts);
	return r;
}

/* No certificate: nobody connects here, or with one of the bench's own. */
static int invent_certificate(
	void *arg, uint32_t agent, struct registry_certificate *ret_certificate, struct err *err)
{
	snprintf(ret_certificate->fingerprint, sizeof(ret_certificate->fingerprint), "%064" PRIx32,
		agent);
	snprintf(ret_certificate->serial, sizeof(ret_certificate->serial), "%040" PRIx32, agent);
	return 0;
}

static int add_agents(struct registry *registry, const struct province_plan *plan, struct err *err)
{
	struct registry_issue *issues = calloc(plan->links, sizeof(*issues));
	uint32_t *agents = calloc(plan->links, sizeof(*agents));
	int r = issues && agents ? 0 : err_errno(err, -ENOMEM, "agents");

	for (uint32_t i = 0; r == 0 && i < plan->links; i++)
		issues[i] = (struct registry_issue){.link = i + 1,
			.from_s = plan->from_s - EARLIER_S,
			.sign = invent_certificate};
	if (r == 0)
		r = registry_agents_issue(registry, issues, plan->links, agents, err);
	for (uint32_t i = 0; r == 0 && i < plan->links; i++)
		if (agents[i] != i + 1)
			r = err_set(err, -EEXIST, "link %" PRIu32 " has agent %" PRIu32, i + 1,
				agents[i]);
	free(agents);
	free(issues);
	return r;
}

/* One of each provider, and some single links: announced in time. */
static int add_exclusions(
	struct registry *registry, const struct province_plan *plan, struct err *err)
{
	int64_t id;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 2 * PROVIDERS; i++) {
		struct registry_exclusion exclusion = {
			.reason = EXCLUSION_MAINTENANCE,
			.from_s = plan->from_s + (int64_t)(i + 3) * DAY_S,
		};
		exclusion.scope = i < PROVIDERS ? SCOPE_PROVIDER : SCOPE_LINK;
		if (exclusion.scope == SCOPE_PROVIDER)
			snprintf(exclusion.value, sizeof(exclusion.value), "P%u", i + 1);
		else
			snprintf(exclusion.value, sizeof(exclusion.value), "%" PRIu32,
				i % plan->links + 1);
		exclusion.to_s = exclusion.from_s + MAINTENANCE_S;
		snprintf(exclusion.by, sizeof(exclusion.by), "Pejabat Satu");
		snprintf(exclusion.note, sizeof(exclusion.note), "pemeliharaan");
		if (exclusion.scope == SCOPE_LINK || i < plan->links)
			r = registry_exclusion_add(registry, &exclusion, &id, err);
	}
	return r;
}

int enrol_province(const char *state, const struct province_plan *plan, struct err *err)
{
	struct registry *registry;
	int64_t at_s = plan->from_s - EARLIER_S;
	int r = registry_open(state, REGISTRY_CREATE, "bench", &registry, err);

	if (r < 0)
		return r;
	registry_set_clock(registry, read_clock, &at_s);
	r = add_regions(registry, plan->links, err);
	if (r == 0)
		r = add_links(registry, plan, err);
	if (r == 0)
		r = add_contracts(registry, plan, err);
	if (r == 0)
		r = add_agents(registry, plan, err);
	if (r == 0)
		r = add_exclusions(registry, plan, err);
	registry_close(registry);
	return r;
}
