/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/status_fields.h"

#include "agent/core/view.h"
#include "agent/technician/trouble.h"
#include "agent/uplink/renewal.h"

static const char *const states[] = {"unknown", "up", "down", NULL};
static const char *const faults[] = {
	[VIEW_FAULT_NONE] = "",
	[VIEW_FAULT_CARRIER] = "carrier",
	[VIEW_FAULT_ADDRESS] = "address",
	[VIEW_FAULT_ROUTE] = "route",
	[VIEW_FAULT_GATEWAY] = "gateway",
	[VIEW_FAULT_ACCESS] = "access",
	[VIEW_FAULT_UPSTREAM] = "upstream",
	[VIEW_FAULT_LOSS] = "loss",
	[VIEW_FAULT_OTHER] = "other",
	[VIEW_FAULT_COUNT] = NULL,
};
static const char *const outcomes[] = {"", "done", "skipped", "failed", NULL};
static const char *const reasons[] = {
	[SPEED_REASON_NONE] = "",
	[SPEED_REASON_BUSY] = "busy",
	[SPEED_REASON_BUDGET] = "budget",
	[SPEED_REASON_DOWN] = "down",
	[SPEED_REASON_NAME] = "name",
	[SPEED_REASON_CONNECT] = "connect",
	[SPEED_REASON_REFUSED] = "refused",
	[SPEED_REASON_TIMEOUT] = "timeout",
	[SPEED_REASON_INTERRUPTED] = "interrupted",
	[SPEED_REASON_OTHER] = "other",
	[SPEED_REASON_LEASE] = "lease",
	[SPEED_REASON_IMPOSTOR] = "impostor",
	[SPEED_REASON_COUNT] = NULL,
};
static const char *const resolvers[] = {"", "good", "fails", "silent", "hijacked", NULL};
static const char *const commissions[] = {"", "waiting", "kept", NULL};

#define AT(member) offsetof(struct status, member)
#define NUMBER(name)                                                    \
	{                                                               \
		.key = #name, .type = STATUS_NUMBER, .offset = AT(name) \
	}
#define FLAG(name)                                                    \
	{                                                             \
		.key = #name, .type = STATUS_BOOL, .offset = AT(name) \
	}
#define TEXT(name)                                                     \
	{                                                              \
		.key = #name, .type = STATUS_TEXT, .offset = AT(name), \
		.size = sizeof(((struct status *)0)->name)             \
	}
#define WORD(name, words_)                                                             \
	{                                                                              \
		.key = #name, .type = STATUS_WORD, .offset = AT(name), .words = words_ \
	}

const struct status_field status_fields[] = {
	TEXT(software),
	NUMBER(pid),
	NUMBER(run),
	NUMBER(started_us),
	NUMBER(written_us),
	NUMBER(written_utc_us),
	FLAG(clock_known),
	NUMBER(slot_s),
	NUMBER(report_s),
	TEXT(slot),
	NUMBER(clients_plus_one),
	WORD(dns, resolvers),
	TEXT(dns_resolver),
	FLAG(connected),
	TEXT(collector),
	WORD(trouble, trouble_names),
	TEXT(trouble_text),
	NUMBER(acknowledged),
	NUMBER(acknowledged_us),
	NUMBER(acknowledged_utc_us),
	NUMBER(rejected),
	NUMBER(waiting),
	NUMBER(dropped),
	NUMBER(spool_bytes),
	TEXT(spool_trouble),
	NUMBER(configuration),
	NUMBER(configuration_refused),
	NUMBER(certificate_expires_s),
	WORD(renewal, renewal_state_names),
	WORD(speed_outcome, outcomes),
	WORD(speed_reason, reasons),
	NUMBER(speed_us),
	NUMBER(speed_down_kbps),
	NUMBER(speed_up_kbps),
	NUMBER(speed_every_s),
	WORD(commission, commissions),
	NUMBER(commissions),
	{.key = NULL},
};

#undef AT
#undef TEXT
#define AT(member) offsetof(struct status_wan, member)
#define TEXT(name)                                                     \
	{                                                              \
		.key = #name, .type = STATUS_TEXT, .offset = AT(name), \
		.size = sizeof(((struct status_wan *)0)->name)         \
	}

const struct status_field status_wan_fields[] = {
	TEXT(name),
	TEXT(interface),
	TEXT(address),
	WORD(state, states),
	WORD(fault, faults),
	NUMBER(since_us),
	NUMBER(answered_us),
	NUMBER(rtt_us),
	NUMBER(made),
	NUMBER(answered),
	{.key = NULL},
};
