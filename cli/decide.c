/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/decide.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/listing.h"
#include "collector/explain/inbox.h"
#include "collector/store/ledger_witness.h"
#include "common/civil.h"
#include "common/crypto.h"

#define PARTS_MAX 3 /* numbers in an item's id */
#define MONTH_BYTES 8
#define BOOT_DIGITS_MIN 8 /* of its 32: chance does not make two of them equal */

struct name { /* an item's id, taken apart */
	int kind; /* enum inbox_kind */
	int64_t numbers[PARTS_MAX];
	size_t count;
	char month[MONTH_BYTES]; /* UNDETERMINED; otherwise "" */
};

static int find_kind(const char *item, size_t *ret_length)
{
	for (int kind = 0; kind < INBOX_KIND_COUNT; kind++) {
		const char *name = inbox_kind_name((enum inbox_kind)kind);
		*ret_length = strlen(name);
		if (!strncmp(item, name, *ret_length) && item[*ret_length] == '-')
			return kind;
	}
	return -1;
}

/* "KIND-1-2-2026-01": the month stands last, and only where the kind has one. */
static int parse(const char *item, struct name *ret_name)
{
	static const size_t wanted[INBOX_KIND_COUNT] = {
		[INBOX_UNDETERMINED] = 2,
		[INBOX_POWER_GAP] = 2,
		[INBOX_OUTAGE] = 2,
		[INBOX_DISPUTE] = 3,
		[INBOX_EXCLUSION] = 1,
		[INBOX_OBJECTION] = 1,
		[INBOX_CONTRACT_GAP] = 2,
	};
	struct name name = {0};
	size_t length = 0;
	const char *at;
	char *end;

	name.kind = find_kind(item, &length);
	if (name.kind < 0)
		return -EINVAL;
	at = item + length;
	while (*at == '-' && name.count < wanted[name.kind]) {
		name.numbers[name.count] = strtoll(at + 1, &end, 10);
		if (end == at + 1 || name.numbers[name.count++] < 1)
			return -EINVAL;
		at = end;
	}
	if (name.kind == INBOX_UNDETERMINED && strlen(at) == MONTH_BYTES)
		memcpy(name.month, at + 1, MONTH_BYTES);
	else if (*at)
		return -EINVAL;
	*ret_name = name;
	return name.count == wanted[name.kind] ? 0 : -EINVAL;
}

/* -ENOENT without words: it is not in that month. */
static int look(struct cmd *cmd, const struct sla_source *source, int64_t link, const char *month,
	const char *item)
{
	const struct sla_query query = {
		.month = month, .as_of_s = time(NULL), .filter = {.link = link}};
	struct inbox inbox;
	int rc = inbox_gather(source, &query, &inbox, &cmd->err);

	if (rc)
		return rc;
	rc = inbox_find(&inbox, item) ? 0 : -ENOENT;
	inbox_done(&inbox);
	return rc;
}

/* In the month of the second, or in the one after it, into which it may reach. */
static int look_around(
	struct cmd *cmd, const struct sla_source *source, const struct name *name, const char *item)
{
	int64_t second = name->numbers[name->count - 1], from_s, to_s;
	char month[MONTH_BYTES];
	struct registry_link link;
	int rc = registry_link_get(source->registry, name->numbers[0], &link, &cmd->err);

	if (rc)
		return rc;
	if (name->month[0])
		return look(cmd, source, link.id, name->month, item);
	if (second > INT32_MAX) /* of seconds since 1970: no item is of that year */
		return -ENOENT;
	civil_month_name(second, link.offset_s, month);
	rc = look(cmd, source, link.id, month, item);
	if (rc != -ENOENT || civil_month(month, link.offset_s, &from_s, &to_s, &cmd->err))
		return rc;
	civil_month_name(to_s, link.offset_s, month);
	return look(cmd, source, link.id, month, item);
}

static int see_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	const int64_t *id = arg;

	return exclusion->id == *id && !exclusion->revoked_s && !exclusion->second[0];
}

static int find_exclusion(struct cmd *cmd, struct registry *registry, int64_t id)
{
	int rc = registry_exclusions(registry, 0, see_exclusion, &id, &cmd->err);

	if (rc < 0)
		return rc;
	return rc ? 0 : -ENOENT;
}

static int find(
	struct cmd *cmd, struct registry *registry, const struct name *name, const char *item)
{
	struct sla_source source = {.registry = registry};
	int rc;

	if (name->kind == INBOX_EXCLUSION)
		return find_exclusion(cmd, registry, name->numbers[0]);
	if (listing_ledger(cmd, &source.ledger))
		return -EIO;
	rc = look_around(cmd, &source, name, item);
	ledger_db_close(source.ledger);
	return rc;
}

int decide_find(struct cmd *cmd, struct registry *registry, const char *item)
{
	struct name name;
	int rc = parse(item, &name);

	if (rc)
		return err_set(&cmd->err, rc,
			"item = '%.80s': is none; \"pantau decide list\" names them", item);
	if (name.kind == INBOX_OBJECTION)
		return err_set(&cmd->err, -EINVAL,
			"item = '%s': an objection is answered, with \"pantau objection answer\"",
			item);
	cmd->err.text[0] = '\0';
	rc = find(cmd, registry, &name, item);
	if (rc == -ENOENT && !cmd->err.text[0])
		err_set(&cmd->err, rc, "item = '%s': is not in the inbox", item);
	return rc;
}

/* ---- disputes */

struct seeker {
	struct cmd *cmd;
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
	return ledger_conflicts(seeker->ledger, slot, see_content, seeker, &seeker->cmd->err);
}

static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct seeker *seeker = arg;
	const struct ledger_span span = {
		binding->link, seeker->settlement->from_s, seeker->settlement->to_s};

	seeker->bound = true;
	return ledger_slots(seeker->ledger, &span, see_slot, seeker, &seeker->cmd->err);
}

static int seek(struct seeker *seeker, struct registry *registry)
{
	const struct registry_settlement *settlement = seeker->settlement;
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	int rc = ledger_read_begin(seeker->ledger, &seeker->cmd->err);

	if (rc)
		return rc;
	rc = registry_bindings(registry, settlement->agent, see_binding, seeker, &seeker->cmd->err);
	ledger_read_end(seeker->ledger);
	if (rc || !seeker->bound)
		return rc < 0 ? rc : 0;
	civil_format(settlement->from_s, from);
	civil_format(settlement->to_s, to);
	if (seeker->disputed)
		return err_set(&seeker->cmd->err, -ENOENT,
			"boot %.8s: told none of the disputed slots of agent %" PRIu32
			" from %s to %s",
			settlement->accept, settlement->agent, from, to);
	return err_set(&seeker->cmd->err, -ENOENT,
		"agent = %" PRIu32 ": none of its slots from %s to %s is disputed",
		settlement->agent, from, to);
}

int decide_check_accept(struct cmd *cmd, const char *accept)
{
	size_t digits = strspn(accept, "0123456789abcdefABCDEF");

	if (!strcmp(accept, REGISTRY_ACCEPT_NONE) || (digits >= BOOT_DIGITS_MIN && !accept[digits]))
		return 0;
	return err_set(&cmd->err, -EINVAL,
		"--accept = %s: is neither none nor %d or more digits of a boot id; \"pantau "
		"decide "
		"list\" names them",
		accept, BOOT_DIGITS_MIN);
}

static int find_boot(struct seeker *seeker, struct registry_settlement *settlement)
{
	int rc;

	if (!strcmp(settlement->accept, REGISTRY_ACCEPT_NONE))
		return 0;
	rc = ledger_find_boot(seeker->ledger, settlement->agent, settlement->accept, seeker->boot,
		&seeker->cmd->err);
	if (rc)
		return rc;
	seeker->chosen = true;
	hex_format(seeker->boot, BOOT_BYTES, settlement->accept);
	return 0;
}

int decide_disputed(
	struct cmd *cmd, struct registry *registry, struct registry_settlement *settlement)
{
	struct seeker seeker = {.cmd = cmd, .settlement = settlement};
	int rc;

	if (settlement->from_s >= settlement->to_s)
		return 0;
	rc = listing_ledger(cmd, &seeker.ledger);
	if (rc || !seeker.ledger)
		return rc;
	rc = find_boot(&seeker, settlement);
	if (!rc)
		rc = seek(&seeker, registry);
	ledger_db_close(seeker.ledger);
	return rc;
}
