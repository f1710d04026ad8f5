/* SPDX-License-Identifier: Apache-2.0 */
/* What a link leaves to people beside its rows: doubted slots, time in no contract and what is said
 * of it. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/explain/explain_private.h"
#include "collector/explain/inbox_private.h"
#include "collector/store/ledger_witness.h"

/* ---- disputes */

struct seeker {
	struct inbox_run *run;
	const struct inbox_link *link;
	size_t disputes; /* of this link so far; the last of them may go on in the next slot */
	int64_t told_s; /* the end of its last slot */
};

/* Within the time that is doubted because two devices lived at once. */
static const struct ledger_twin *find_twin(
	const struct inbox_run *run, uint32_t agent, const struct span *at)
{
	for (size_t i = 0; i < run->twin_count; i++) {
		const struct ledger_twin *twin = &run->twins[i];
		if (twin->agent == agent && twin->from_s < at->to && twin->until_s > at->from)
			return twin;
	}
	return NULL;
}

/* Where the next decision about the agent begins. */
static int64_t next_settled(const struct inbox_run *run, uint32_t agent, int64_t from_s)
{
	int64_t next_s = SPAN_FOREVER;

	for (size_t i = 0; i < run->settled_count; i++) {
		const struct registry_settlement *settlement = &run->settled[i];
		if (settlement->agent == agent && settlement->from_s >= from_s &&
			settlement->from_s < next_s)
			next_s = settlement->from_s;
	}
	return next_s;
}

/* One decision ends the doubt if it reaches to the last second in which both lived. */
static void reach_twins(const struct inbox_run *run, struct inbox_item *item)
{
	const struct span at = {item->from_s, item->to_s};
	int64_t most_s = next_settled(run, (uint32_t)item->number, item->from_s);

	item->twin |= find_twin(run, (uint32_t)item->number, &at) != NULL;
	for (size_t i = 0; item->twin && i < run->twin_count; i++) {
		const struct ledger_twin *twin = &run->twins[i];
		int64_t to_s = twin->to_s < most_s ? twin->to_s : most_s;
		if (twin->agent == item->number && twin->from_s < most_s &&
			twin->until_s > item->from_s && to_s > item->to_s)
			item->to_s = to_s;
	}
}

/* Whether the slot belongs to the matter: it touches it, or no decision lies between and two
 * devices lived at once. */
static bool goes_on(
	const struct seeker *seeker, const struct inbox_item *item, const struct ledger_slot *slot)
{
	if (!item || item->number != slot->agent)
		return false;
	if (seeker->told_s >= slot->from_s)
		return true;
	return item->twin && next_settled(seeker->run, slot->agent, item->from_s) >= slot->to_s &&
		find_twin(seeker->run, slot->agent, &(struct span){slot->from_s, slot->to_s});
}

static bool is_settled(const struct inbox_run *run, const struct ledger_slot *slot)
{
	for (size_t i = 0; i < run->settled_count; i++) {
		const struct registry_settlement *settlement = &run->settled[i];
		if (settlement->agent == slot->agent && settlement->from_s <= slot->from_s &&
			slot->to_s <= settlement->to_s)
			return true;
	}
	return false;
}

static int see_device(struct inbox_item *item, const struct inbox_device *seen)
{
	struct inbox_device *device;
	size_t at = 0;

	while (at < item->device_count &&
		memcmp(item->devices[at].boot, seen->boot, BOOT_BYTES) < 0)
		at++;
	if (at == item->device_count || memcmp(item->devices[at].boot, seen->boot, BOOT_BYTES)) {
		if (!explain_add((void **)&item->devices, &item->device_count, sizeof(*device)))
			return -ENOMEM;
		device = &item->devices[at];
		memmove(device + 1, device, (item->device_count - at - 1) * sizeof(*device));
		*device = *seen;
		return 0;
	}
	device = &item->devices[at];
	device->slots += seen->slots;
	device->from_s = seen->from_s < device->from_s ? seen->from_s : device->from_s;
	device->to_s = seen->to_s > device->to_s ? seen->to_s : device->to_s;
	return 0;
}

struct telling { /* of one slot */
	struct inbox_item *item;
	const struct ledger_slot *slot;
};

static int see_content(void *arg, const struct ledger_conflict *content)
{
	const struct telling *telling = arg;
	struct inbox_device device = {.slots = 1,
		.from_s = content->placed ? content->from_s : telling->slot->from_s,
		.to_s = content->placed ? content->to_s : telling->slot->to_s,
		.address = content->address};

	if (!content->is_slot)
		return 0;
	memcpy(device.boot, content->boot, BOOT_BYTES);
	memcpy(device.via_wan, content->via_wan, sizeof(device.via_wan));
	return see_device(telling->item, &device);
}

static int see_devices(
	struct seeker *seeker, struct inbox_item *item, const struct ledger_slot *slot)
{
	struct telling telling = {item, slot};
	struct inbox_device device = {.slots = 1,
		.from_s = slot->from_s,
		.to_s = slot->to_s,
		.address = slot->slot->facts.address};
	int r;

	memcpy(device.boot, slot->boot, BOOT_BYTES);
	memcpy(device.via_wan, slot->via_wan, sizeof(device.via_wan));
	r = see_device(item, &device);
	return r < 0 ? r
		     : ledger_conflicts(seeker->run->source->ledger, slot, see_content, &telling,
			       seeker->run->err);
}

static struct inbox_item *add_dispute(struct seeker *seeker, const struct ledger_slot *slot)
{
	struct inbox_item *item = inbox_add(seeker->run, INBOX_DISPUTE, seeker->link->link,
		"%" PRId64 "-%" PRIu32 "-%" PRId64, seeker->link->link->id, slot->agent,
		slot->from_s);

	if (!item)
		return NULL;
	item->number = slot->agent;
	item->from_s = slot->from_s;
	item->to_s = slot->to_s;
	item->seconds = slot->to_s - slot->from_s;
	seeker->told_s = slot->to_s;
	seeker->disputes++;
	return item;
}

static void add_slot(struct seeker *seeker, struct inbox_item *item, const struct ledger_slot *slot)
{
	int64_t from_s = slot->from_s > seeker->told_s ? slot->from_s : seeker->told_s;

	if (slot->to_s > from_s) {
		item->seconds += slot->to_s - from_s;
		seeker->told_s = slot->to_s;
	}
	if (slot->to_s > item->to_s)
		item->to_s = slot->to_s;
}

/* Adjacent doubted slots of one agent are one matter. */
static int see_slot(void *arg, const struct ledger_slot *slot)
{
	struct seeker *seeker = arg;
	struct inbox *inbox = &seeker->run->inbox;
	struct inbox_item *item = seeker->disputes ? &inbox->items[inbox->count - 1] : NULL;

	if (!slot->disputed || is_settled(seeker->run, slot))
		return 0;
	if (goes_on(seeker, item, slot)) {
		add_slot(seeker, item, slot);
	} else {
		item = add_dispute(seeker, slot);
	}
	if (!item)
		return -ENOMEM;
	reach_twins(seeker->run, item);
	return see_devices(seeker, item, slot);
}

static int is_doubted(void *arg, const struct registry_binding *binding)
{
	const struct seeker *seeker = arg;

	if (binding->link != seeker->link->link->id)
		return 0;
	for (size_t i = 0; i < seeker->run->doubted_count; i++) {
		if (seeker->run->doubted[i] == binding->agent)
			return 1;
	}
	return 0;
}

static int find_disputes(struct inbox_run *run, const struct inbox_link *link)
{
	struct seeker seeker = {.run = run, .link = link};
	const struct ledger_span month = {link->link->id, link->period.from, link->period.to};
	int r;

	if (!run->doubted_count)
		return 0;
	r = registry_bindings(run->source->registry, 0, is_doubted, &seeker, run->err);
	return r > 0 ? ledger_slots(run->source->ledger, &month, see_slot, &seeker, run->err) : r;
}

/* ---- gaps between contracts */

static int add_gap(struct inbox_run *run, const struct inbox_link *link,
	const struct registry_contract *before, const struct span *gap)
{
	struct inbox_item *item = inbox_add(run, INBOX_CONTRACT_GAP, link->link,
		"%" PRId64 "-%" PRId64, link->link->id, before->to_s);
	int64_t month_s = link->period.to - link->period.from;

	if (!item)
		return -ENOMEM;
	item->contract = before->id;
	item->from_s = gap->from;
	item->to_s = gap->to;
	item->seconds = gap->to - gap->from;
	item->rupiah = (int64_t)((__int128)before->terms.fee_rupiah * item->seconds / month_s);
	return 0;
}

static int find_gaps(struct inbox_run *run, const struct inbox_link *link)
{
	int failed = 0;

	for (size_t i = 1; !failed && i < link->contract_count; i++) {
		struct span gap = {link->contracts[i - 1].to_s, link->contracts[i].from_s};
		if (gap.from < link->period.from)
			gap.from = link->period.from;
		if (gap.to > link->period.to)
			gap.to = link->period.to;
		if (gap.from < gap.to)
			failed = add_gap(run, link, &link->contracts[i - 1], &gap);
	}
	return failed;
}

/* ---- objections to seconds that are in no row */

static bool is_in_a_row(const struct inbox_link *link, int64_t second)
{
	for (size_t i = 0; i < link->contract_count; i++) {
		if (link->contracts[i].from_s <= second && second < link->contracts[i].to_s)
			return second < link->period.as_of;
	}
	return false;
}

static int find_stray_objections(struct inbox_run *run, const struct inbox_link *link)
{
	for (size_t i = 0; i < run->waiting_count; i++) {
		const struct registry_objection *objection = &run->waiting[i];
		struct inbox_item *item;
		if (objection->link != link->link->id || objection->at_s < link->period.from ||
			objection->at_s >= link->period.to || is_in_a_row(link, objection->at_s))
			continue;
		item = inbox_add(run, INBOX_OBJECTION, link->link, "%" PRId64, objection->id);
		if (!item)
			return -ENOMEM;
		item->number = objection->id;
		item->from_s = objection->at_s;
		item->to_s = objection->at_s + 1;
		memcpy(item->by, objection->by, sizeof(item->by));
		memcpy(item->note, objection->note, sizeof(item->note));
	}
	return 0;
}

int inbox_link_items(struct inbox_run *run, const struct inbox_link *link)
{
	int r = find_gaps(run, link);

	if (r == 0)
		r = find_stray_objections(run, link);
	if (r < 0 || !run->source->ledger)
		return r;
	r = find_disputes(run, link);
	return r < 0 ? r : inbox_flag_items(run, link);
}
