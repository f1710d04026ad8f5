/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/explain_json.h"

#include "collector/explain/explain_json_private.h"
#include "collector/explain/explain_names.h"
#include "collector/explain/json_put.h"
#include "common/civil.h"

static void put_link(const struct explanation *out, struct json *json)
{
	char local[CIVIL_TIME_BYTES];

	civil_format_local(out->at_s, out->link.offset_s, local);
	json_number(json, "link", out->link.id);
	json_text(json, "desa", out->place.desa.code);
	json_put_words(json, "desa_name", out->place.desa.name);
	json_text(json, "kecamatan", out->place.kecamatan.code);
	json_text(json, "kabupaten", out->place.kabupaten.code);
	json_text(json, "provider", out->link.provider);
	json_text(json, "zone", out->link.zone);
	json_put_time(json, "at", out->at_s);
	json_text(json, "at_local", local);
	json_put_time(json, "as_of", out->as_of_s);
}

static void put_pass(const struct explain_pass *pass, const char *unknown_as, struct json *json)
{
	json_object(json, NULL);
	json_text(json, "unknown_as", unknown_as);
	json_text(json, "state", pass->down ? "DOWN" : "UP");
	json_text(json, "taken_as", pass->gone ? NULL : pass->bad ? "bad" : "good");
	if (pass->gone)
		json_put_span(json, INT64_MIN, SPAN_FOREVER);
	else
		json_put_span(json, pass->from_s, pass->to_s);
	if (pass->decided) {
		json_object(json, "decided_by");
		json_put_span(json, pass->decided_from_s, pass->decided_to_s);
		json_object_end(json);
	} else {
		json_null(json, "decided_by");
	}
	json_object_end(json);
}

static void put_state(const struct explanation *out, struct json *json)
{
	json_text(json, "period", out->period);
	json_text(json, "class", explain_class_name(out->class));
	json_text(json, "nowhere", explain_nowhere_name(out->nowhere));
	json_put_time(json, "slots_gone_before", out->gone_s);
	json_object(json, "alike");
	json_put_span(json, out->from_s, out->to_s);
	json_object_end(json);
	if (!out->measured) {
		json_null(json, "run");
		json_array(json, "passes");
		json_array_end(json);
		return;
	}
	json_object(json, "run");
	json_text(json, "state", explain_state_name(out->run.state));
	json_put_words(json, "cause", explain_run_cause(&out->run));
	json_put_span(json, out->run.from, out->run.to);
	json_object_end(json);
	json_array(json, "passes");
	put_pass(&out->if_good, "good", json);
	put_pass(&out->if_bad, "bad", json);
	json_array_end(json);
}

static void put_rule(const struct explanation *out, struct json *json)
{
	const struct terms *terms = &out->terms;
	char service[SERVICE_TEXT_BYTES];

	json_object(json, "rule");
	json_text(json, "of", out->has_contract ? "contract" : "default");
	json_number(json, "loss_threshold_ppm", terms->loss_threshold_ppm);
	json_number(json, "window_s", terms->window_s);
	json_number(json, "bridge_s", terms->bridge_s);
	json_array(json, "uncharged");
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (terms->uncharged >> i & 1)
			json_text(json, NULL, down_cause_name((enum down_cause)i));
	}
	json_array_end(json);
	json_text(json, "power", terms->power == POWER_EXCLUDE ? "exclude" : "unknown");
	json_number(json, "notice_s", terms->notice_s);
	service_format(&terms->service, service);
	json_text(json, "service", terms->service.count ? service : NULL);
	json_object_end(json);
}

static void put_contract(
	const struct registry_contract *contract, const char *key, struct json *json)
{
	if (!contract->id) {
		json_null(json, key);
		return;
	}
	json_object(json, key);
	json_number(json, "id", contract->id);
	json_put_time(json, "from", contract->from_s);
	json_put_time(json, "to", contract->to_s);
	json_number(json, "target_ppm", contract->terms.target_ppm);
	json_number(json, "fee_rupiah", contract->terms.fee_rupiah);
	json_text(json, "formula", formula_name(contract->terms.formula));
	json_object_end(json);
}

static void put_piece(const struct explain_piece *piece, struct json *json)
{
	json_object(json, NULL);
	json_text(json, "what", piece->is_slot ? "slot" : "hole");
	json_put_span(json, piece->from_s, piece->to_s);
	json_bool(json, "here", piece->here);
	json_text(json, "kind", explain_kind_name(piece->kind));
	json_put_words(json, "cause", explain_piece_cause(piece));
	json_bool(json, "bridged", piece->bridged);
	if (piece->is_slot) {
		json_number(json, "rounds_due", piece->due);
		json_number(json, "rounds_made", piece->made);
		json_number(json, "rounds_lost", piece->lost);
		json_bool(json, "disputed", piece->disputed);
		json_number(json, "agent", piece->agent);
		json_number(json, "run", piece->run);
		json_number(json, "sequence", piece->sequence);
	}
	json_object_end(json);
}

static void put_pieces(const struct explanation *out, struct json *json)
{
	json_array(json, "around");
	for (size_t i = 0; i < out->piece_count; i++)
		put_piece(&out->pieces[i], json);
	json_array_end(json);
}

/* ---- decisions */

static void put_exclusion(const struct explain_exclusion *item, struct json *json)
{
	const struct registry_exclusion *entry = &item->entry;

	json_object(json, NULL);
	json_number(json, "id", entry->id);
	json_text(json, "scope", exclusion_scope_name(entry->scope));
	json_text(json, "value", entry->value);
	json_text(json, "reason", exclusion_reason_name(entry->reason));
	json_put_time(json, "from", entry->from_s);
	json_put_time(json, "to", entry->to_s);
	json_put_time(json, "entered", entry->entered_s);
	json_text(json, "by", entry->by);
	json_text(json, "note", entry->note);
	json_put_words(json, "second", entry->second);
	json_put_words(json, "document", entry->document);
	json_bool(json, "counts", item->reach == REACH_COUNTS);
	json_text(json, "why", explain_reach_name(item->reach));
	json_put_time(json, "counts_from", item->counts_from_s);
	json_put_time(json, "revoked", entry->revoked_s ? entry->revoked_s : SPAN_FOREVER);
	json_put_words(json, "revoked_by", entry->revoked_by);
	json_put_words(json, "revoke_note", entry->revoke_note);
	json_object_end(json);
}

static void put_dispute(const struct explanation *out, struct json *json)
{
	const struct explain_witness *witness = &out->witness;
	const struct registry_settlement *settlement = &out->settlement;

	if (!witness->there || (!witness->conflicts && !witness->row.disputed)) {
		json_null(json, "dispute");
		return;
	}
	json_object(json, "dispute");
	json_bool(json, "disputed", witness->row.disputed);
	json_number(json, "other_contents", (int64_t)witness->conflicts);
	json_put_us(json, "other_received", witness->first.received_us);
	json_put_words(json, "other_over", witness->first.via_wan);
	if (settlement->id) {
		json_object(json, "settled");
		json_number(json, "id", settlement->id);
		json_text(json, "accept", settlement->accept);
		json_text(json, "by", settlement->by);
		json_text(json, "note", settlement->note);
		json_put_time(json, "entered", settlement->entered_s);
		json_object_end(json);
	} else {
		json_null(json, "settled");
	}
	json_object_end(json);
}

static void put_outage(const struct explanation *out, struct json *json)
{
	if (!out->has_outage) {
		json_null(json, "outage");
		return;
	}
	json_object(json, "outage");
	json_put_time(json, "start", out->outage.from);
	json_put_time(json, "end", out->outage.to);
	json_put_time(json, "earliest", out->outage.span_from);
	json_put_time(json, "latest", out->outage.span_to);
	json_text(json, "cause", down_cause_name(out->outage.cause));
	json_number(json, "d", out->outage.down_s);
	json_number(json, "n", out->outage.unknown_s);
	json_object_end(json);
}

static void put_objection(const struct registry_objection *objection, struct json *json)
{
	json_object(json, NULL);
	json_number(json, "id", objection->id);
	json_put_time(json, "at", objection->at_s);
	json_text(json, "by", objection->by);
	json_text(json, "note", objection->note);
	json_put_words(json, "document", objection->document);
	json_put_time(json, "entered", objection->entered_s);
	json_put_time(
		json, "answered", objection->answered_s ? objection->answered_s : SPAN_FOREVER);
	json_put_words(json, "answered_by", objection->answered_by);
	json_put_words(json, "answer", objection->answer_note);
	if (objection->answered_s)
		json_bool(json, "accepted", objection->accepted);
	else
		json_null(json, "accepted");
	json_object_end(json);
}

static void put_decisions(const struct explanation *out, struct json *json)
{
	static const char *const powers[] = {
		[POWER_NO_RULE] = NULL,
		[POWER_REMOVED] = "removed",
		[POWER_TO_A_PERSON] = "to-a-person",
	};

	json_array(json, "exclusions");
	for (size_t i = 0; i < out->exclusion_count; i++)
		put_exclusion(&out->exclusions[i], json);
	json_array_end(json);
	json_text(json, "power_rule", powers[out->power]);
	put_dispute(out, json);
	put_outage(out, json);
	json_array(json, "objections");
	for (size_t i = 0; i < out->objection_count; i++)
		put_objection(&out->objections[i], json);
	json_array_end(json);
}

void explanation_json(const struct explanation *explanation, struct json *json)
{
	put_link(explanation, json);
	put_state(explanation, json);
	put_rule(explanation, json);
	put_contract(&explanation->contract, "contract", json);
	put_contract(&explanation->before, "contract_before", json);
	put_contract(&explanation->after, "contract_after", json);
	put_pieces(explanation, json);
	explain_json_slot(explanation, json);
	explain_json_clock(explanation, json);
	explain_json_overruled(explanation, json);
	explain_json_boot("heard_before", &explanation->heard, json);
	explain_json_boot("heard_after", &explanation->heard_again, json);
	put_decisions(explanation, json);
}
