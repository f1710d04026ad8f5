/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.json in the runtime folder: what the running agent sees, for whoever stands at the router
 * and for other programs. One flat object; keys are only ever added (docs/TECHNICIAN.md). Written
 * by the agent after each slot and with each change of the way to the collector.
 */
#ifndef PANTAU_AGENT_STATUS_H
#define PANTAU_AGENT_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/limits.h"

#define STATUS_WANS 2
#define STATUS_FILE "status.json"

enum status_dns {
	STATUS_DNS_UNKNOWN,
	STATUS_DNS_GOOD,
	STATUS_DNS_FAILS,
	STATUS_DNS_SILENT,
	STATUS_DNS_HIJACKED
};
enum status_commission {
	STATUS_COMMISSION_NONE,
	STATUS_COMMISSION_WAITING,
	STATUS_COMMISSION_KEPT
};

struct status_wan { /* of the last slot */
	char name[WAN_NAME_MAX + 1], interface[16], address[48];
	int state; /* enum view_state */
	int fault; /* enum view_fault */
	int64_t since_us, answered_us; /* monotonic; 0: never */
	int64_t rtt_us, made, answered;
};

struct status {
	char software[SOFTWARE_MAX + 1];
	int64_t pid, run;
	int64_t started_us, written_us; /* monotonic, of this boot */
	int64_t written_utc_us;
	bool clock_known; /* to NTP, or from the collector */
	int64_t slot_s, report_s;
	char slot[200]; /* the last one, in words */
	struct status_wan wans[STATUS_WANS]; /* without a name: there is none */
	int64_t clients_plus_one; /* 0: not counted */
	int dns; /* enum status_dns: the worst of the resolvers that were asked last */
	char dns_resolver[48]; /* that one */
	bool connected;
	char collector[80];
	int trouble; /* enum trouble */
	char trouble_text[ERR_TEXT_BYTES];
	int64_t acknowledged, acknowledged_us, acknowledged_utc_us;
	int64_t rejected, waiting, dropped, spool_bytes;
	char spool_trouble[80]; /* why flash refuses, in words; empty: it does not */
	int64_t configuration, configuration_refused;
	int64_t certificate_expires_s; /* 0: not known */
	int renewal; /* enum renewal_state */
	int speed_outcome; /* enum speed_outcome; 0: none yet */
	int speed_reason; /* enum speed_reason */
	int64_t speed_us, speed_down_kbps, speed_up_kbps, speed_every_s;
	int commission; /* enum status_commission, of the last one */
	int64_t commissions; /* since the start */
};

int status_write(const struct status *status, const char *folder, struct err *err);
/* -ENOENT: no agent has written one. */
int status_read(const char *folder, struct status *ret_status, struct err *err);

/* Who writes there lives until this descriptor is closed; also in a jail, where a process is seen
 * under another number. Negative: it could not be opened. */
int status_hold(const char *folder);
bool status_is_held(const char *folder);

#endif
