/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_agent.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_identity_private.h"

#define WAN_DEFAULT "wan"

int wan_check(const char *wan, struct err *err)
{
	size_t length = strlen(wan);

	if (length >= 1 && length <= WAN_NAME_MAX &&
		strspn(wan, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == length)
		return 0;
	return err_set(
		err, -EINVAL, "wan = %.40s: must be 1 to %d of a-z 0-9 _ . -", wan, WAN_NAME_MAX);
}

/* ---- bindings */

/* An open binding of the same WAN that began before ends where the new one begins. */
static int end_open(struct change *change, const struct registry_binding *binding, struct err *err)
{
	struct db *db = change->registry->db;
	struct query q;
	int64_t id = 0;
	int r;

	db_query(&q, db,
		"SELECT id FROM binding WHERE agent = ? AND wan = ? AND to_s IS NULL"
		" AND from_s < ?");
	query_number(&q, binding->agent);
	query_text(&q, binding->wan);
	query_number(&q, binding->from_s);
	if (query_next(&q) > 0)
		id = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0 || !id)
		return r;
	r = change_before(change, TABLE_BINDING, id, err);
	if (r == 0) {
		db_query(&q, db, "UPDATE binding SET to_s = ? WHERE id = ?");
		query_number(&q, binding->from_s);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	return r < 0 ? r : change_after(change, TABLE_BINDING, id, err);
}

static int check_overlap(
	struct registry *registry, const struct registry_binding *binding, struct err *err)
{
	char old[PERIOD_BYTES] = "", wan[WAN_NAME_MAX + 1] = "", new[PERIOD_BYTES];
	int64_t other = 0, link = 0;
	struct query q;
	int r;

	db_query(&q, registry->db,
		"SELECT id, wan, link, from_s, to_s FROM binding WHERE agent = ?"
		" AND (wan = ? OR link = ?) AND from_s < ? AND (to_s IS NULL OR to_s > ?)"
		" ORDER BY from_s LIMIT 1");
	query_number(&q, binding->agent);
	query_text(&q, binding->wan);
	query_number(&q, binding->link);
	query_number(&q, binding->to_s);
	query_number(&q, binding->from_s);
	if (query_next(&q) > 0) {
		other = query_get_number(&q, 0);
		query_copy_text(&q, 1, wan, sizeof(wan));
		link = query_get_number(&q, 2);
		format_period(query_get_number(&q, 3), query_get_until(&q, 4), old);
	}
	r = query_end(&q, err);
	if (r < 0 || !other)
		return r;
	format_period(binding->from_s, binding->to_s, new);
	return err_set(err, -EEXIST,
		"agent %" PRIu32 " wan %s to link %" PRId64 " from %s overlaps binding %" PRId64
		": wan %s to link %" PRId64 " from %s",
		binding->agent, binding->wan, binding->link, new, other, wan, link, old);
}

static int insert_binding(struct change *change, const struct registry_binding *binding,
	int64_t *ret_id, struct err *err)
{
	struct registry *registry = change->registry;
	struct query q;
	int r = wan_check(binding->wan, err);

	if (r == 0)
		r = link_check(registry, binding->link, err);
	if (r == 0)
		r = check_dates("binding", binding->from_s, binding->to_s, err);
	if (r == 0)
		r = end_open(change, binding, err);
	if (r == 0)
		r = check_overlap(registry, binding, err);
	if (r < 0)
		return r;
	db_query(&q, registry->db,
		"INSERT INTO binding(agent, wan, link, from_s, to_s, accepted_s)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, binding->agent);
	query_text(&q, binding->wan);
	query_number(&q, binding->link);
	query_number(&q, binding->from_s);
	query_until(&q, binding->to_s);
	query_number(&q, change->at_s);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	*ret_id = db_last_id(registry->db);
	return change_after(change, TABLE_BINDING, *ret_id, err);
}

int registry_agent_bind(struct registry *registry, const struct registry_binding *binding,
	int64_t *ret_id, struct err *err)
{
	struct change change;
	bool revoked = false;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	/* A revoked agent's old slots may still need their link. */
	r = find_revoked(registry, TABLE_AGENT, binding->agent, &revoked, err);
	if (r == 0)
		r = insert_binding(&change, binding, &id, err);
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

int registry_bindings(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_binding *binding), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, agent, wan, link, from_s, to_s, accepted_s FROM binding"
		" WHERE " QUERY_ONE_OR_ALL("agent") " ORDER BY agent, wan, from_s");
	query_number(&q, agent);
	while (!stop && query_next(&q) > 0) {
		struct registry_binding binding = {
			.id = query_get_number(&q, 0),
			.agent = (uint32_t)query_get_number(&q, 1),
			.link = query_get_number(&q, 3),
			.from_s = query_get_number(&q, 4),
			.to_s = query_get_until(&q, 5),
			.accepted_s = query_get_number(&q, 6),
		};
		query_copy_text(&q, 2, binding.wan, sizeof(binding.wan));
		stop = each(arg, &binding);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* ---- agents */

/* The row first, because the certificate bears its id. */
static int insert_agent(struct change *change, const struct registry_issue *issue,
	uint32_t *ret_agent, struct err *err)
{
	struct db *db = change->registry->db;
	char name[REGISTRY_NAME_BYTES];
	struct query q;
	int r;

	db_query(&q, db, "INSERT INTO agent(name, issued_s) VALUES ('', ?)");
	query_number(&q, change->at_s);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	*ret_agent = (uint32_t)db_last_id(db);
	snprintf(name, sizeof(name), "agent-%" PRIu32, *ret_agent);
	if (issue->name)
		snprintf(name, sizeof(name), "%s", issue->name);
	r = check_name("agent name", name, err);
	if (r < 0)
		return r;
	db_query(&q, db, "UPDATE agent SET name = ? WHERE id = ?");
	query_text(&q, name);
	query_number(&q, *ret_agent);
	return query_run(&q, err);
}

static int certify(
	struct change *change, const struct registry_issue *issue, uint32_t agent, struct err *err)
{
	struct registry_certificate certificate = {0};
	struct query q;
	int r = issue->sign(issue->arg, agent, &certificate, err);

	if (r < 0)
		return r;
	if (strlen(certificate.fingerprint) != REGISTRY_HEX_BYTES - 1)
		return err_set(err, -EINVAL, "fingerprint = %s: must be 64 digits",
			certificate.fingerprint);
	db_query(&q, change->registry->db,
		"UPDATE agent SET fingerprint = ?, serial = ? WHERE id = ?");
	query_text(&q, certificate.fingerprint);
	query_text(&q, certificate.serial);
	query_number(&q, agent);
	r = query_run(&q, err);
	if (r == 0)
		r = identity_first(change, agent, certificate.fingerprint, err);
	return r < 0 ? r : change_after(change, TABLE_AGENT, agent, err);
}

int agent_add(struct change *change, const struct registry_issue *issue, uint32_t *ret_agent,
	struct err *err)
{
	struct registry_binding binding = {
		.link = issue->link, .from_s = issue->from_s, .to_s = SPAN_FOREVER};
	const char *wan = issue->wan ? issue->wan : WAN_DEFAULT;
	int64_t id;
	int r = wan_check(wan, err);

	if (r == 0)
		r = insert_agent(change, issue, ret_agent, err);
	if (r < 0)
		return r;
	binding.agent = *ret_agent;
	snprintf(binding.wan, sizeof(binding.wan), "%s", wan);
	r = insert_binding(change, &binding, &id, err);
	return r < 0 ? r : certify(change, issue, *ret_agent, err);
}

int registry_agents_issue(struct registry *registry, const struct registry_issue *issues,
	size_t count, uint32_t *ret_agents, struct err *err)
{
	uint32_t *agents = calloc(count, sizeof(*agents));
	struct change change;
	int r = agents ? change_begin(registry, &change, err) : err_errno(err, -ENOMEM, "agents");

	if (r < 0) {
		free(agents);
		return r;
	}
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = agent_add(&change, &issues[i], &agents[i], err);
		if (r < 0 && count > 1)
			err_prefix(err, "agent %zu of %zu", i + 1, count);
	}
	r = change_end(&change, r, err);
	if (r == 0)
		memcpy(ret_agents, agents, count * sizeof(*agents));
	free(agents);
	return r;
}

int registry_agent_issue(struct registry *registry, const struct registry_issue *issue,
	uint32_t *ret_agent, struct err *err)
{
	return registry_agents_issue(registry, issue, 1, ret_agent, err);
}

int registry_agent_revoke(struct registry *registry, uint32_t id, struct err *err)
{
	struct change change;
	struct query q;
	bool revoked = false;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = find_revoked(registry, TABLE_AGENT, id, &revoked, err);
	if (r == 0 && revoked)
		r = err_set(err, -EALREADY, "agent %" PRIu32 " was revoked before", id);
	if (r == 0)
		r = change_before(&change, TABLE_AGENT, id, err);
	if (r == 0) {
		db_query(&q, registry->db, "UPDATE agent SET revoked_s = ? WHERE id = ?");
		query_number(&q, change.at_s);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_AGENT, id, err);
	return change_end(&change, r, err);
}

int registry_agents(struct registry *registry,
	int (*each)(void *arg, const struct registry_agent *agent), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, name, fingerprint, serial, issued_s, coalesce(revoked_s, 0) FROM agent"
		" ORDER BY id");
	while (!stop && query_next(&q) > 0) {
		struct registry_agent agent = {
			.id = (uint32_t)query_get_number(&q, 0),
			.issued_s = query_get_number(&q, 4),
			.revoked_s = query_get_number(&q, 5),
		};
		query_copy_text(&q, 1, agent.name, sizeof(agent.name));
		query_copy_text(&q, 2, agent.fingerprint, sizeof(agent.fingerprint));
		query_copy_text(&q, 3, agent.serial, sizeof(agent.serial));
		stop = each(arg, &agent);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
