/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/notices.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_witness.h"
#include "common/civil.h"
#include "common/crypto.h"
#include "common/log.h"

#define NOTICES_MAX 4096 /* of each kind; what comes beyond stands in the status all the same */
#define NOTICE_US 10000000 /* a person is told within ten seconds; a look reads every agent's row */

struct known_wan {
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
};

struct known_agent {
	uint32_t agent;
	int64_t conflicts; /* told of so far */
	uint64_t twin_at; /* the last look that found two devices; 0 none */
	uint64_t waited_at; /* the last look that found slots without a place; 0 none */
};

struct notices {
	struct known_wan wans[NOTICES_MAX];
	struct known_agent agents[NOTICES_MAX];
	size_t wan_count, agent_count;
	uint64_t look; /* the running one, from 1 */
	uint64_t looked_us;
	bool expected; /* records have come since */
};

static bool is_first(const struct notices *notices)
{
	return notices->look == 1;
}

int notices_new(struct notices **ret_notices)
{
	struct notices *notices = calloc(1, sizeof(*notices));

	if (!notices)
		return -ENOMEM;
	*ret_notices = notices;
	return 0;
}

void notices_free(struct notices *notices)
{
	free(notices);
}

static int look_at_wan(void *arg, const struct ledger_unbound *unbound)
{
	struct notices *notices = arg;
	struct known_wan *wan = notices->wans;

	for (size_t i = 0; i < notices->wan_count; i++, wan++) {
		if (wan->agent == unbound->agent && !strcmp(wan->wan, unbound->wan))
			return 0;
	}
	if (notices->wan_count == NOTICES_MAX)
		return 0;
	wan->agent = unbound->agent;
	strncpy(wan->wan, unbound->wan, sizeof(wan->wan) - 1);
	notices->wan_count++;
	if (!is_first(notices))
		log_warn("agent-%u: slots of \"%s\", which no binding covers: kept, and counted "
			 "once \"pantau agent bind\" says which link it measures",
			unbound->agent, unbound->wan);
	return 0;
}

static struct known_agent *find_agent(struct notices *notices, uint32_t id)
{
	struct known_agent *agent = notices->agents;

	for (size_t i = 0; i < notices->agent_count; i++, agent++) {
		if (agent->agent == id)
			return agent;
	}
	if (notices->agent_count == NOTICES_MAX)
		return NULL;
	notices->agent_count++;
	agent->agent = id;
	return agent;
}

static int look_at_heard(void *arg, const struct ledger_heard *heard)
{
	struct notices *notices = arg;
	struct known_agent *agent = heard->conflicts ? find_agent(notices, heard->agent) : NULL;

	if (!agent || agent->conflicts == heard->conflicts)
		return 0;
	if (!is_first(notices))
		log_warn("agent-%u: %" PRId64
			 " records came again with other content: both are kept, their "
			 "slots count as disputed; do two devices use one identity?",
			heard->agent, heard->conflicts - agent->conflicts);
	agent->conflicts = heard->conflicts;
	return 0;
}

/* One line an agent, whatever boots there are. */
static int look_at_twin(void *arg, const struct ledger_twin *twin)
{
	struct notices *notices = arg;
	struct known_agent *agent = twin->until_s == SPAN_FOREVER ? find_agent(notices, twin->agent)
								  : NULL;
	char from[CIVIL_TIME_BYTES], one[2 * BOOT_BYTES + 1], other[2 * BOOT_BYTES + 1];
	bool told;

	if (!agent)
		return 0;
	told = agent->twin_at && agent->twin_at + 1 >= notices->look;
	agent->twin_at = notices->look;
	if (told || is_first(notices))
		return 0;
	civil_format(twin->from_s, from);
	hex_format(twin->boots[0], BOOT_BYTES, one);
	hex_format(twin->boots[1], BOOT_BYTES, other);
	log_warn("agent-%u: two devices use this identity since %s, boots %.8s and %.8s: all is "
		 "kept, and its slots count as disputed until a person decides (\"pantau decide "
		 "list\")",
		twin->agent, from, one, other);
	return 0;
}

static int look_at_unplaced(void *arg, const struct ledger_unplaced *unplaced)
{
	struct notices *notices = arg;
	struct known_agent *agent = find_agent(notices, unplaced->agent);
	bool waited;

	if (!agent)
		return 0;
	waited = agent->waited_at && agent->waited_at + 1 == notices->look;
	agent->waited_at = notices->look;
	if (!waited && !is_first(notices))
		log_warn("agent-%u: slots wait for the time of their router: kept, and counted "
			 "once it has learned the time; is this collector's clock synchronised?",
			unplaced->agent);
	return 0;
}

int notices_look(struct notices *notices, struct ledger_db *db, struct err *err)
{
	int r;

	notices->look++;
	r = ledger_unbound_each(db, look_at_wan, notices, err);
	if (r == 0)
		r = ledger_heard_each(db, look_at_heard, notices, err);
	if (r == 0)
		r = ledger_twins_each(db, look_at_twin, notices, err);
	return r < 0 ? r : ledger_unplaced_each(db, look_at_unplaced, notices, err);
}

void notices_expect(struct notices *notices)
{
	notices->expected = true;
}

int notices_step(struct notices *notices, struct ledger_db *db, uint64_t at_us, struct err *err)
{
	if (!notices->expected || at_us - notices->looked_us < NOTICE_US)
		return 0;
	notices->looked_us = at_us;
	notices->expected = false;
	return notices_look(notices, db, err);
}
