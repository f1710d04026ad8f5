/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/commission.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/certificate.h"
#include "agent/commission_asks.h"
#include "agent/errands/inbox.h"
#include "agent/status_words.h"
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
	struct status_now now = {.now_us = clock_boot_us()};
	struct err err;

	commission->runs = false;
	if (status_read(commission->order->settings->runtime_folder, &commission->status, &err) < 0)
		return;
	now.process_lives = status_process_lives(&commission->status);
	commission->runs = status_judge(&commission->status, &now) != STATUS_NOT_RUNNING;
}

/* ---- the head and the foot of it */

static void add_when(struct commission *commission)
{
	const char *word;
	char when[CIVIL_TIME_BYTES], text[CIVIL_TIME_BYTES + 40];
	uint64_t error_us;
	bool known = commission->status.clock_known || clock_utc_synchronised(&error_us);

	civil_format(clock_utc_us() / US_PER_S, when);
	word = words_text(commission->order->language,
		known ? WORD_CERTIFICATE_CLOCK_KNOWN : WORD_CERTIFICATE_CLOCK_UNKNOWN);
	snprintf(text, sizeof(text), "%s (%s)", when, word);
	certificate_add(&commission->certificate, "when", WORD_CERTIFICATE_WHEN, text);
}

static void add_head(struct commission *commission)
{
	struct certificate *certificate = &commission->certificate;

	fprintf(commission->order->out, "%s\n",
		words_text(commission->order->language, WORD_CERTIFICATE_TITLE));
	add_when(commission);
	certificate_add(certificate, "by", WORD_CERTIFICATE_BY, commission->order->by);
	certificate_add(certificate, "note", WORD_CERTIFICATE_NOTE, commission->order->note);
	certificate_add(
		certificate, "software", WORD_CERTIFICATE_SOFTWARE, "pantau-agent " PANTAU_VERSION);
}

static void add_collector(struct commission *commission)
{
	const struct status *status = &commission->status;
	enum language language = commission->order->language;
	char text[200];

	if (!commission->runs)
		snprintf(text, sizeof(text), "%s", words_text(language, WORD_CERTIFICATE_NO_AGENT));
	else if (status->connected)
		snprintf(text, sizeof(text), "%s", status->collector);
	else
		snprintf(text, sizeof(text), "%s: %s", status->collector,
			words_text(language, WORD_TROUBLE_NONE + (enum word)status->trouble));
	certificate_add(&commission->certificate, "collector", WORD_CERTIFICATE_COLLECTOR, text);
}

/* ---- handing over */

static int hand_over(struct commission *commission, struct err *err)
{
	char folder[PATH_MAX], name[40];
	int status = file_join(
		folder, sizeof(folder), commission->order->settings->runtime_folder, INBOX_FOLDER);

	snprintf(name, sizeof(name), COMMISSION_SOURCE ".%ld", (long)getpid());
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
	fprintf(commission->order->out, "%s\n", words_text(commission->order->language, word));
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
	bool answers = false;
	int status;

	look_at_agent(commission);
	add_head(commission);
	status = commission_ask(commission->order, &commission->certificate, &answers, err);
	if (status < 0)
		return status;
	look_at_agent(commission);
	add_collector(commission);
	certificate_add(&commission->certificate, "result", WORD_CERTIFICATE_RESULT,
		words_text(commission->order->language,
			answers ? WORD_CERTIFICATE_GOOD : WORD_CERTIFICATE_BAD));
	status = deliver(commission, err);
	if (status == STATUS_WELL || status == STATUS_UNDELIVERED)
		return answers ? status : STATUS_LINK_DOWN;
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
