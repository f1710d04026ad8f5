/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/observation.h"
#include "agent/core/view.h"
#include "agent/net/address.h"
#include "agent/technician/slot_words.h"
#include "agent/technician/status.h"
#include "common/clock.h"
#include "common/log.h"

struct board {
	struct board_settings settings;
	int held_fd; /* the runtime folder: who reads the status knows that we live */
	struct view views[STATUS_WANS];
	struct status status;
};

/* ---- what is shown */

/* Its place in the file is its place in the configuration. */
static int place_of(const struct board *board, const char *wan)
{
	for (int i = 0; i < STATUS_WANS && i < SETTINGS_WANS; i++)
		if (strcmp(board->settings.settings->wans[i].name, wan) == 0)
			return i;
	return -1;
}

static enum status_dns judge_dns(const struct dns *dns)
{
	switch ((enum dns_outcome)dns->outcome) {
	case DNS_HIJACKED: return STATUS_DNS_HIJACKED;
	case DNS_TIMEOUT:
	case DNS_UNSENT: return STATUS_DNS_SILENT;
	case DNS_ANSWERED: return STATUS_DNS_GOOD;
	default: return dns->question == DNS_ABSENT ? STATUS_DNS_GOOD : STATUS_DNS_FAILS;
	}
}

/* Asked now and then: until the next time, what was seen last holds. */
static void take_resolvers(struct status *status, const struct slot *slot)
{
	if (slot->dns_count)
		status->dns = STATUS_DNS_UNKNOWN;
	for (size_t i = 0; i < slot->dns_count; i++) {
		int seen = (int)judge_dns(&slot->dns[i]);

		if (seen <= status->dns)
			continue;
		status->dns = seen;
		address_format(&slot->dns[i].resolver, status->dns_resolver);
	}
}

void board_slot(struct board *board, const struct slot *slot, const char *interface)
{
	int place = place_of(board, slot->wan);
	struct status_wan *wan = &board->status.wans[place < 0 ? 0 : place];
	struct view *view = &board->views[place < 0 ? 0 : place];

	if (place < 0)
		return; /* of a configuration that is gone */
	slot_describe(slot, interface, board->status.slot);
	log_info("%s", board->status.slot);
	view_take(view, slot);
	snprintf(wan->interface, sizeof(wan->interface), "%s", interface);
	wan->address[0] = '\0';
	if (slot->facts.address.length)
		address_format(&slot->facts.address, wan->address);
	wan->state = (int)view->state;
	wan->fault = (int)view->fault;
	wan->since_us = (int64_t)view->since_us;
	wan->answered_us = (int64_t)view->answered_us;
	wan->rtt_us = view->rtt_us;
	wan->made = view->made;
	wan->answered = view->answered;
	take_resolvers(&board->status, slot);
	if (slot->facts.clients_plus_one)
		board->status.clients_plus_one = slot->facts.clients_plus_one;
	board_write(board);
}

bool board_is_waited_for(const struct record *record)
{
	return record->kind == RECORD_OBSERVATION &&
		strcmp(record->observation.source, OBSERVATION_COMMISSION) == 0;
}

void board_record(struct board *board, const struct record *record)
{
	struct status *status = &board->status;

	if (record->kind == RECORD_SPEED) {
		status->speed_outcome = record->speed.outcome;
		status->speed_reason = record->speed.reason;
		status->speed_us = (int64_t)record->speed.start_us;
		status->speed_down_kbps = record->speed.down.kbps;
		status->speed_up_kbps = record->speed.up.kbps;
	} else if (board_is_waited_for(record)) {
		status->commission = STATUS_COMMISSION_WAITING;
		status->commissions++;
	} else {
		return;
	}
	board_write(board);
}

/* ---- writing */

static void take_uplink(struct status *status, const struct uplink_figures *uplink)
{
	status->connected = uplink->open;
	snprintf(status->collector, sizeof(status->collector), "%s", uplink->collector);
	status->trouble = (int)uplink->trouble;
	snprintf(status->trouble_text, sizeof(status->trouble_text), "%s", uplink->words);
	status->acknowledged = (int64_t)uplink->acked;
	status->acknowledged_us = (int64_t)uplink->acked_us;
	status->acknowledged_utc_us = uplink->acked_utc_us;
	status->rejected = (int64_t)uplink->rejected;
	status->configuration = uplink->configuration;
	status->configuration_refused = uplink->configuration_refused;
}

static void take_spool(struct status *status, const struct spool_figures *spool)
{
	status->waiting = (int64_t)spool->waiting;
	status->dropped = (int64_t)spool->lost;
	status->spool_bytes = (int64_t)(spool->bytes + spool->near_bytes);
	snprintf(status->spool_trouble, sizeof(status->spool_trouble), "%s",
		spool->trouble ? strerror(spool->trouble) : "");
	if (!spool->waiting && status->commission == STATUS_COMMISSION_WAITING)
		status->commission = STATUS_COMMISSION_KEPT;
}

void board_write(struct board *board)
{
	struct board_facts facts = {.clock_known = false};
	struct err err;

	board->settings.facts(board->settings.arg, &facts);
	take_uplink(&board->status, &facts.uplink);
	take_spool(&board->status, &facts.spool);
	board->status.clock_known = facts.clock_known;
	board->status.certificate_expires_s = facts.certificate_expires_s;
	board->status.renewal = (int)facts.renewal;
	board->status.written_us = (int64_t)clock_boot_us();
	board->status.written_utc_us = clock_utc_us();
	if (status_write(&board->status, board->settings.settings->runtime_folder, &err) < 0)
		log_debug("%s", err.text);
}

/* ---- life */

void board_configure(struct board *board, const struct settings *settings)
{
	struct status *status = &board->status;

	board->settings.settings = settings;
	status->slot_s = settings->slot_s;
	status->report_s = settings->report_s;
	status->speed_every_s = *settings->speed.server ? settings->speed.interval_s : 0;
	for (int i = 0; i < STATUS_WANS; i++) {
		if (strcmp(status->wans[i].name, settings->wans[i].name) != 0) {
			status->wans[i] = (struct status_wan){.rtt_us = 0};
			board->views[i] = (struct view){.rtt_us = 0};
		}
		snprintf(status->wans[i].name, sizeof(status->wans[i].name), "%s",
			settings->wans[i].name);
	}
}

int board_new(const struct board_settings *settings, struct board **ret_board)
{
	struct board *board = calloc(1, sizeof(*board));

	if (!board)
		return -ENOMEM;
	board->settings = *settings;
	board->held_fd = status_hold(settings->settings->runtime_folder);
	snprintf(board->status.software, sizeof(board->status.software), "%s", settings->software);
	snprintf(board->status.slot, sizeof(board->status.slot), "none finished yet");
	board->status.pid = getpid();
	board->status.run = settings->run;
	board->status.started_us = (int64_t)clock_boot_us();
	board_configure(board, settings->settings);
	*ret_board = board;
	return 0;
}

void board_free(struct board *board)
{
	if (board)
		close(board->held_fd);
	free(board);
}
