/* SPDX-License-Identifier: Apache-2.0 */
/* The witness of a second as JSON: its slot and probes, its clock, its rivals. */
#include <stdio.h>

#include "collector/explain/explain_json_private.h"
#include "collector/explain/explain_names.h"
#include "collector/explain/json_put.h"

#define US_PER_MS 1000

static void put_probe(
	const struct slot *slot, const struct probe *probe, int64_t start_utc_us, struct json *json)
{
	const struct target *target = probe->target < slot->target_count
		? &slot->targets[probe->target]
		: NULL;
	char address[NAMES_ADDRESS_BYTES] = "";

	json_object(json, NULL);
	json_put_us(json, "at", start_utc_us + probe->offset_ms * (int64_t)US_PER_MS);
	json_number(json, "offset_ms", probe->offset_ms);
	json_number(json, "round", probe->round);
	if (target)
		names_address(&target->address, target->port, address);
	json_put_words(json, "target", address);
	json_text(json, "class", target ? explain_target_name(target->class) : NULL);
	json_text(json, "kind", explain_probe_name(probe->kind));
	json_bool(json, "follow_up", probe->follow_up);
	json_text(json, "outcome", explain_outcome_name(probe->outcome));
	json_put_words(json, "refusal", explain_refusal_name(probe->refusal));
	if (probe->outcome == OUTCOME_ANSWERED)
		json_number(json, "rtt_us", probe->rtt_us);
	else
		json_null(json, "rtt_us");
	json_object_end(json);
}

static void put_dns(const struct dns *dns, struct json *json)
{
	char resolver[NAMES_ADDRESS_BYTES];

	names_address(&dns->resolver, 0, resolver);
	json_object(json, NULL);
	json_number(json, "offset_ms", dns->offset_ms);
	json_text(json, "resolver", resolver);
	json_text(json, "question", dns_question_name(dns->question));
	json_text(json, "outcome", dns_outcome_name(dns->outcome));
	if (dns->outcome == DNS_TIMEOUT || dns->outcome == DNS_UNSENT)
		json_null(json, "rtt_us");
	else
		json_number(json, "rtt_us", dns->rtt_us);
	json_object_end(json);
}

static void put_beside(const struct slot *slot, struct json *json)
{
	json_array(json, "dns");
	for (uint16_t i = 0; i < slot->dns_count; i++)
		put_dns(&slot->dns[i], json);
	json_array_end(json);
	if (slot->stamp.sent) {
		json_object(json, "stamp");
		json_number(json, "sent", slot->stamp.sent);
		json_number(json, "lost_out", slot->stamp.lost_out);
		json_number(json, "lost_back", slot->stamp.lost_back);
		json_number(json, "forged", slot->stamp.forged);
		json_object_end(json);
	} else {
		json_null(json, "stamp");
	}
	if (slot->facts.clients_plus_one)
		json_number(json, "clients", slot->facts.clients_plus_one - 1);
	else
		json_null(json, "clients");
}

static void put_agent(const struct explain_witness *witness, struct json *json)
{
	char boot[2 * BOOT_BYTES + 1];

	for (size_t i = 0; i < BOOT_BYTES; i++)
		snprintf(boot + 2 * i, 3, "%02x", witness->row.boot[i]);
	json_number(json, "agent", witness->row.agent);
	json_put_words(json, "agent_name", witness->name);
	if (witness->agent_revoked_s)
		json_put_time(json, "agent_revoked", witness->agent_revoked_s);
	else
		json_null(json, "agent_revoked");
	json_number(json, "run", witness->row.run);
	json_number(json, "sequence", witness->row.sequence);
	json_text(json, "boot", boot);
	json_text(json, "wan", witness->slot->wan);
	if (!witness->binding.id) {
		json_null(json, "binding");
		return;
	}
	json_object(json, "binding");
	json_number(json, "id", witness->binding.id);
	json_put_time(json, "from", witness->binding.from_s);
	json_put_time(json, "to", witness->binding.to_s);
	json_put_time(json, "accepted", witness->binding.accepted_s);
	json_object_end(json);
}

void explain_json_slot(const struct explanation *out, struct json *json)
{
	const struct explain_witness *witness = &out->witness;
	const struct ledger_slot *row = &witness->row;

	if (!witness->there) {
		json_null(json, "slot");
		return;
	}
	json_object(json, "slot");
	put_agent(witness, json);
	json_put_span(json, row->from_s, row->to_s);
	json_put_us(json, "start", row->start_utc_us);
	json_number(json, "length_ms", row->length_ms);
	json_put_us(json, "received", row->received_us);
	json_put_words(json, "received_over", row->via_wan);
	json_bool(json, "packed", row->packed);
	json_number(json, "rounds_due", row->evidence.due);
	json_number(json, "rounds_made", row->evidence.made);
	json_number(json, "rounds_lost", row->evidence.lost);
	json_text(json, "cause_if_bad", down_cause_name(witness->cause));
	json_text(json, "carrier", explain_carrier_name(witness->slot->facts.carrier));
	json_text(json, "gateway", explain_neighbour_name(witness->slot->facts.gateway));
	json_array(json, "probes");
	for (size_t i = 0; i < witness->slot->probe_count; i++)
		put_probe(witness->slot, &witness->slot->probes[i], row->start_utc_us, json);
	json_array_end(json);
	put_beside(witness->slot, json);
	json_object_end(json);
}

static void put_anchor(const char *key, const struct ledger_anchor *anchor, struct json *json)
{
	if (!anchor->there) {
		json_null(json, key);
		return;
	}
	json_object(json, key);
	json_put_us(json, "utc", anchor->utc_us);
	json_number(json, "mono_us", (int64_t)anchor->mono_us);
	json_number(json, "error_us", (int64_t)anchor->error_us);
	json_text(json, "source", explain_source_name(anchor->source));
	json_number(json, "run", anchor->run);
	json_number(json, "sequence", anchor->sequence);
	json_object_end(json);
}

void explain_json_clock(const struct explanation *out, struct json *json)
{
	const struct ledger_clock *clock = &out->witness.clock;

	if (!out->witness.there) {
		json_null(json, "clock");
		return;
	}
	json_object(json, "clock");
	json_number(json, "start_mono_us", (int64_t)out->witness.slot->start_us);
	json_number(json, "anchors", (int64_t)clock->anchors);
	json_number(json, "usable", (int64_t)clock->usable);
	put_anchor("used", &clock->used, json);
	put_anchor("before", &clock->before, json);
	put_anchor("after", &clock->after, json);
	json_object_end(json);
}

void explain_json_boot(const char *key, const struct explain_boot *boot, struct json *json)
{
	if (!boot->there) {
		json_null(json, key);
		return;
	}
	json_object(json, key);
	json_number(json, "agent", boot->agent);
	json_number(json, "run", boot->run);
	json_put_span(json, boot->from_s, boot->to_s);
	json_bool(json, "stopped", boot->stopped);
	json_text(json, "reset", reset_name(boot->reset));
	json_put_time(json, "booted", boot->placed ? boot->booted_s : SPAN_FOREVER);
	json_put_time(json, "alive", boot->placed ? boot->alive_s : SPAN_FOREVER);
	json_object_end(json);
}

void explain_json_overruled(const struct explanation *out, struct json *json)
{
	json_array(json, "overruled");
	for (size_t i = 0; i < out->loser_count; i++) {
		const struct explain_loser *loser = &out->losers[i];
		json_object(json, NULL);
		json_number(json, "agent", loser->agent);
		json_number(json, "run", loser->run);
		json_number(json, "sequence", loser->sequence);
		json_put_span(json, loser->from_s, loser->to_s);
		json_object_end(json);
	}
	json_array_end(json);
}
