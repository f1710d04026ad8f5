/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/commission.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/technician/certificate.h"
#include "agent/technician/commission_asks.h"
#include "agent/technician/commission_evidence.h"
#include "agent/core/observation.h"
#include "agent/errands/inbox.h"
#include "agent/technician/status_words.h"
#include "agent/technician/trouble.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"

#define WAIT_US (30 * 1000000ULL) /* for the collector's word */
#define LOOK_US 200000
#define US_PER_S 1000000

struct commission {
	const struct commission_order *order;
	struct certificate certificate;
	struct status status; /* of the running agent, as of its last writing */
	bool runs; /* an agent */
};

/* ---- the running agent */

static void look_at_agent(struct commission *commission)
{
	const char *folder = commission->order->settings->runtime_folder;
	struct status_now now = {.now_us = clock_boot_us()};
	struct err err;

	commission->runs = false;
	if (status_read(folder, &commission->status, &err) < 0)
		return;
	now.process_lives = status_process_lives(&commission->status, folder);
	commission->runs = status_judge(&commission->status, &now) != STATUS_NOT_RUNNING;
}

/* ---- the head and the foot of it */

static const char *text_of(const struct commission *commission, enum word word)
{
	return words_text(commission->order->language, word);
}

static void add_head(struct commission *commission)
{
	const struct commission_order *order = commission->order;
	struct certificate *certificate = &commission->certificate;
	char when[CIVIL_TIME_BYTES];
	uint64_t error_us;
	bool known = commission->status.clock_known || clock_utc_synchronised(&error_us);

	civil_format(clock_utc_us() / US_PER_S, when);
	fprintf(order->out, "%s\n", text_of(commission, WORD_CERTIFICATE_TITLE));
	certificate_say(certificate, text_of(commission, WORD_LABEL_WHEN),
		known ? WORD_CERTIFICATE_CLOCK_KNOWN : WORD_CERTIFICATE_CLOCK_UNKNOWN,
		(const char *[4]){when});
	certificate_show(certificate, text_of(commission, WORD_LABEL_BY), order->by);
	certificate_show(certificate, text_of(commission, WORD_LABEL_NOTE), order->note);
	certificate_keep(certificate, "by", order->by);
	certificate_keep(certificate, "note", order->note);
	certificate_keep(certificate, "when_utc", when);
	certificate_keep(certificate, "clock", known ? "known" : "unknown");
}

static void add_collector(struct commission *commission)
{
	const struct status *status = &commission->status;
	const char *label = text_of(commission, WORD_LABEL_COLLECTOR);
	char text[200];

	snprintf(text, sizeof(text), "%s%s%s", status->collector, status->connected ? "" : ": ",
		status->connected
			? ""
			: text_of(commission, WORD_TROUBLE_NONE + (enum word)status->trouble));
	certificate_show(&commission->certificate, label,
		commission->runs ? text : text_of(commission, WORD_CERTIFICATE_NO_AGENT));
	certificate_keep(&commission->certificate, "collector",
		status->connected ? "connected" : trouble_names[status->trouble]);
}

static void add_result(struct commission *commission, enum commission_result result)
{
	static const struct {
		const char *kept;
		enum word word;
	} results[] = {
		[COMMISSION_GOOD] = {"good", WORD_CERTIFICATE_GOOD},
		[COMMISSION_PARTLY] = {"partly", WORD_CERTIFICATE_PARTLY},
		[COMMISSION_BAD] = {"bad", WORD_CERTIFICATE_BAD},
	};

	certificate_keep(&commission->certificate, "result", results[result].kept);
	certificate_show(&commission->certificate, text_of(commission, WORD_LABEL_RESULT),
		text_of(commission, results[result].word));
}

/* ---- handing over */

static int hand_over(struct commission *commission, struct err *err)
{
	char folder[PATH_MAX], name[40];
	int status = file_join(
		folder, sizeof(folder), commission->order->settings->runtime_folder, INBOX_FOLDER);

	snprintf(name, sizeof(name), OBSERVATION_COMMISSION ".%ld", (long)getpid());
	if (status == 0)
		status = certificate_hand_over(&commission->certificate, folder, name, err);
	return status;
}

/* true: the collector has it, or said that it will never take it. */
static bool wait_until_kept(struct commission *commission, int64_t before)
{
	uint64_t limit_us = clock_boot_us() + WAIT_US;

	while (clock_boot_us() < limit_us) {
		look_at_agent(commission);
		if (commission->status.commissions > before &&
			commission->status.commission == STATUS_COMMISSION_KEPT)
			return true;
		usleep(LOOK_US);
	}
	return false;
}

static void say(const struct commission *commission, enum word word)
{
	fprintf(commission->order->out, "%s\n", text_of(commission, word));
}

static int deliver(struct commission *commission, struct err *err)
{
	int64_t before = commission->status.commissions, rejected = commission->status.rejected;
	int status;

	if (!commission->runs) {
		say(commission, WORD_NOT_RUNNING);
		say(commission, WORD_DO_START);
		return STATUS_NOT_RUNNING;
	}
	status = hand_over(commission, err);
	if (status < 0)
		return status;
	say(commission, WORD_CERTIFICATE_SENDING);
	if (!wait_until_kept(commission, before)) {
		say(commission, WORD_CERTIFICATE_LATER);
		return STATUS_UNDELIVERED;
	}
	if (commission->status.rejected > rejected) {
		say(commission, WORD_CERTIFICATE_REFUSED);
		return STATUS_UNDELIVERED;
	}
	say(commission, WORD_CERTIFICATE_KEPT);
	return STATUS_WELL;
}

/* ---- all of it */

static int certify(struct commission *commission, struct err *err)
{
	enum commission_result result;
	int status;

	look_at_agent(commission);
	add_head(commission);
	status = commission_ask(commission->order, &commission->certificate, &result, err);
	if (status < 0)
		return status;
	look_at_agent(commission);
	add_collector(commission);
	add_result(commission, result);
	commission_add_evidence(
		commission->order->settings->evidence.folder, &commission->certificate);
	status = deliver(commission, err);
	if (status == STATUS_WELL || status == STATUS_UNDELIVERED)
		return result == COMMISSION_BAD ? STATUS_LINK_DOWN : status;
	return status;
}

int commission_run(const struct commission_order *order, struct err *err)
{
	struct commission *commission = calloc(1, sizeof(*commission));
	struct observation *items = calloc(1, sizeof(*items));
	int status = -ENOMEM;

	if (!commission || !items) {
		err_errno(err, status, "commission");
		goto free_both;
	}
	commission->order = order;
	commission->certificate = (struct certificate){
		.language = order->language, .out = order->out, .items = items};
	status = certify(commission, err);
free_both:
	free(items);
	free(commission);
	return status;
}
