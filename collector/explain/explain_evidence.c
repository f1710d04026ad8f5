/* SPDX-License-Identifier: Apache-2.0 */
/* Who speaks for the second: the slot as it was sent, its agent, its clock, its rivals. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/explain_private.h"

struct seeker {
	struct explain_case *explain;
	const struct history_slot *speaker; /* NULL: the second lies in a hole */
};

static int keep_loser(struct explanation *out, const struct ledger_slot *row)
{
	struct explain_loser *loser = explain_add(
		(void **)&out->losers, &out->loser_count, sizeof(*loser));

	if (!loser)
		return -ENOMEM;
	*loser = (struct explain_loser){
		row->agent, row->run, row->sequence, row->from_s, row->to_s};
	return 0;
}

static int see_slot(void *arg, const struct ledger_slot *row)
{
	struct seeker *seeker = arg;
	struct explanation *out = seeker->explain->out;
	struct explain_witness *witness = &out->witness;
	const struct history_slot *speaker = seeker->speaker;

	if (row->from_s > out->at_s || out->at_s >= row->to_s)
		return 0;
	if (witness->there || !speaker || row->agent != speaker->agent ||
		row->run != speaker->run || row->sequence != speaker->sequence)
		return keep_loser(out, row);
	witness->slot = malloc(sizeof(*witness->slot));
	if (!witness->slot)
		return -ENOMEM;
	*witness->slot = *row->slot;
	witness->row = *row;
	witness->row.slot = witness->slot;
	witness->there = true;
	witness->cause = evidence_cause(&row->evidence, seeker->explain->history.ever);
	return 0;
}

static int see_conflict(void *arg, const struct ledger_conflict *conflict)
{
	struct explain_witness *witness = arg;

	if (!witness->conflicts++)
		witness->first = *conflict;
	return 0;
}

static int see_agent(void *arg, const struct registry_agent *agent)
{
	struct explain_witness *witness = arg;

	if (agent->id != witness->row.agent)
		return 0;
	memcpy(witness->name, agent->name, sizeof(witness->name));
	witness->agent_revoked_s = agent->revoked_s;
	return 1;
}

static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct explain_witness *witness = arg;
	int64_t second = witness->row.from_s;

	if (binding->link != witness->row.link || strcmp(binding->wan, witness->slot->wan) != 0 ||
		second < binding->from_s || second >= binding->to_s)
		return 0;
	witness->binding = *binding;
	return 1;
}

static int see_witness(struct explain_case *explain)
{
	struct explain_witness *witness = &explain->out->witness;
	struct ledger_db *ledger = explain->source->ledger;
	struct registry *registry = explain->source->registry;
	int r = ledger_clock_of(ledger, &witness->row, &witness->clock, explain->err);

	if (r == 0)
		r = ledger_conflicts(ledger, &witness->row, see_conflict, witness, explain->err);
	if (r == 0)
		r = registry_agents(registry, see_agent, witness, explain->err);
	if (r >= 0)
		r = registry_bindings(
			registry, witness->row.agent, see_binding, witness, explain->err);
	return r < 0 ? r : 0;
}

static struct explain_boot boot_of(const struct history *history, const struct piece *piece)
{
	const struct history_slot *slot = piece->slot;
	const struct history_boot *boot = &history->boots[slot->boot];

	return (struct explain_boot){
		.there = true,
		.agent = slot->agent,
		.run = slot->run,
		.from_s = piece->from,
		.to_s = piece->to,
		.placed = boot->placed,
		.stopped = boot->stopped,
		.reset = boot->reset,
		.booted_s = boot->booted_s,
		.alive_s = boot->alive_s,
	};
}

int explain_evidence(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	const struct ledger_span second = {out->link.id, out->at_s, out->at_s + 1};
	struct seeker seeker = {.explain = explain};
	size_t near = explain_slot_after(explain, out->at_s);
	int r;

	if (!explain->source->ledger)
		return 0;
	if (near < explain->piece_count && explain->pieces[near].from <= out->at_s)
		seeker.speaker = explain->pieces[near].slot;
	if (!seeker.speaker && near > 0)
		out->heard = boot_of(&explain->history, &explain->pieces[near - 1]);
	if (!seeker.speaker && near < explain->piece_count)
		out->heard_again = boot_of(&explain->history, &explain->pieces[near]);
	r = ledger_slots(explain->source->ledger, &second, see_slot, &seeker, explain->err);
	if (r == -ENOMEM)
		err_errno(explain->err, r, "slots of a second");
	return r == 0 && out->witness.there ? see_witness(explain) : r;
}
