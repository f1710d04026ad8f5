/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/dispute.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/store/ledger_witness.h"
#include "common/civil.h"
#include "common/crypto.h"

#define BOOT_DIGITS_MIN 8 /* of its 32: chance does not make two of them equal */

struct seeker {
	struct err *err;
	struct ledger_db *ledger;
	const struct registry_settlement *settlement;
	bool chosen; /* of a boot */
	uint8_t boot[BOOT_BYTES];
	bool bound; /* the agent measures some link */
	bool disputed; /* some slot is, whoever told it */
};

static int see_content(void *arg, const struct ledger_conflict *content)
{
	const struct seeker *seeker = arg;

	return content->is_slot && !memcmp(content->boot, seeker->boot, BOOT_BYTES);
}

static int see_slot(void *arg, const struct ledger_slot *slot)
{
	struct seeker *seeker = arg;

	if (!slot->disputed || slot->agent != seeker->settlement->agent ||
		slot->from_s < seeker->settlement->from_s || slot->to_s > seeker->settlement->to_s)
		return 0;
	seeker->disputed = true;
	if (!seeker->chosen || !memcmp(slot->boot, seeker->boot, BOOT_BYTES))
		return 1;
	return ledger_conflicts(seeker->ledger, slot, see_content, seeker, seeker->err);
}

static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct seeker *seeker = arg;
	const struct ledger_span span = {
		binding->link, seeker->settlement->from_s, seeker->settlement->to_s};

	seeker->bound = true;
	return ledger_slots(seeker->ledger, &span, see_slot, seeker, seeker->err);
}

static int seek(struct seeker *seeker, struct registry *registry)
{
	const struct registry_settlement *settlement = seeker->settlement;
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	int rc = ledger_read_begin(seeker->ledger, seeker->err);

	if (rc)
		return rc;
	rc = registry_bindings(registry, settlement->agent, see_binding, seeker, seeker->err);
	ledger_read_end(seeker->ledger);
	if (rc || !seeker->bound)
		return rc < 0 ? rc : 0;
	civil_format(settlement->from_s, from);
	civil_format(settlement->to_s, to);
	if (seeker->disputed)
		return err_set(seeker->err, -ENOENT,
			"boot %.8s: told none of the disputed slots of agent %" PRIu32
			" from %s to %s",
			settlement->accept, settlement->agent, from, to);
	return err_set(seeker->err, -ENOENT,
		"agent = %" PRIu32 ": none of its slots from %s to %s is disputed",
		settlement->agent, from, to);
}

int dispute_check_accept(const char *accept, struct err *err)
{
	size_t digits = strspn(accept, "0123456789abcdefABCDEF");

	if (!strcmp(accept, REGISTRY_ACCEPT_NONE) || (digits >= BOOT_DIGITS_MIN && !accept[digits]))
		return 0;
	return err_set(err, -EINVAL,
		"accept = %.80s: is neither none nor %d or more digits of a boot id; \"pantau "
		"decide "
		"list\" names them",
		accept, BOOT_DIGITS_MIN);
}

static int find_boot(struct seeker *seeker, struct registry_settlement *settlement)
{
	int rc;

	if (!strcmp(settlement->accept, REGISTRY_ACCEPT_NONE))
		return 0;
	rc = ledger_find_boot(
		seeker->ledger, settlement->agent, settlement->accept, seeker->boot, seeker->err);
	if (rc)
		return rc;
	seeker->chosen = true;
	hex_format(seeker->boot, BOOT_BYTES, settlement->accept);
	return 0;
}

int dispute_find(
	const struct sla_source *source, struct registry_settlement *settlement, struct err *err)
{
	struct seeker seeker = {.err = err, .ledger = source->ledger, .settlement = settlement};
	int rc;

	if (settlement->from_s >= settlement->to_s || !source->ledger)
		return 0;
	rc = find_boot(&seeker, settlement);
	return rc ? rc : seek(&seeker, source->registry);
}
