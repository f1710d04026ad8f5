/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/status_words.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "agent/core/view.h"
#include "agent/technician/trouble.h"
#include "agent/uplink/renewal.h"
#include "common/clock.h"

#define US_PER_S 1000000
#define LATE_S 15 /* a slot is known when its last round is over */
#define NUMBER_BYTES 32

_Static_assert(WORD_FAULT_OTHER - WORD_FAULT_NONE == VIEW_FAULT_OTHER, "a text for each fault");
_Static_assert(WORD_DO_OTHER - WORD_DO_NONE == VIEW_FAULT_OTHER, "advice for each fault");
_Static_assert(WORD_TROUBLE_OTHER - WORD_TROUBLE_NONE == TROUBLE_OTHER, "for each trouble");
_Static_assert(WORD_DO_TROUBLE_OTHER - WORD_DO_TROUBLE_NONE == TROUBLE_OTHER, "and advice");
_Static_assert(WORD_DNS_HIJACKED - WORD_DNS_UNKNOWN == STATUS_DNS_HIJACKED, "each state");
_Static_assert(WORD_RENEWAL_REFUSED - WORD_RENEWAL_NONE == RENEWAL_REFUSED, "each state");
_Static_assert(WORD_SPEED_IMPOSTOR - WORD_SPEED_NONE == SPEED_REASON_COUNT - 1, "each reason");

struct telling {
	const struct status *status;
	const struct status_now *now;
	enum language language;
	FILE *out;
};

#define SAY(telling, word, ...) \
	words_line((telling)->out, (telling)->language, (word), (const char *[4]){__VA_ARGS__})

static uint64_t seconds_since(const struct telling *telling, int64_t then_us)
{
	uint64_t now_us = telling->now->now_us;

	return then_us > 0 && now_us > (uint64_t)then_us ? (now_us - (uint64_t)then_us) / US_PER_S
							 : 0;
}

static const char *age(const struct telling *telling, int64_t then_us, char *text)
{
	return words_age(telling->language, seconds_since(telling, then_us), text);
}

static const char *decimal(int64_t value, char text[NUMBER_BYTES])
{
	snprintf(text, NUMBER_BYTES, "%lld", (long long)value);
	return text;
}

/* Thousandths with one digit behind the point: milliseconds, Mbit/s. */
static const char *tenths(int64_t thousandths, char text[NUMBER_BYTES])
{
	snprintf(text, NUMBER_BYTES, "%lld.%lld", (long long)thousandths / 1000,
		(long long)thousandths % 1000 / 100);
	return text;
}

/* ---- all in one */

static bool hangs(const struct status *status, uint64_t now_us)
{
	uint64_t most_us = (2 * (uint64_t)status->slot_s + LATE_S) * US_PER_S;

	return now_us > (uint64_t)status->written_us + most_us;
}

static const struct status_wan *find_down(const struct status *status)
{
	for (int i = 0; i < STATUS_WANS; i++)
		if (status->wans[i].name[0] && status->wans[i].state == VIEW_DOWN)
			return &status->wans[i];
	return NULL;
}

enum status_verdict status_judge(const struct status *status, const struct status_now *now)
{
	/* A file from the boot before was written later than now. */
	if (!status || !now->process_lives || (uint64_t)status->written_us > now->now_us ||
		hangs(status, now->now_us))
		return STATUS_NOT_RUNNING;
	if (find_down(status))
		return STATUS_LINK_DOWN;
	return status->connected ? STATUS_WELL : STATUS_UNDELIVERED;
}

static void tell_not_running(const struct telling *telling)
{
	const struct status *status = telling->status;
	char text[WORDS_AGE_BYTES];

	if (status && telling->now->process_lives &&
		(uint64_t)status->written_us <= telling->now->now_us) {
		SAY(telling, WORD_HANGS, age(telling, status->written_us, text));
		SAY(telling, WORD_DO_RESTART, NULL);
		return;
	}
	SAY(telling, WORD_NOT_RUNNING, NULL);
	SAY(telling, WORD_DO_START, NULL);
}

static void tell_verdict(const struct telling *telling, enum status_verdict verdict)
{
	const struct status_wan *down = find_down(telling->status);
	char text[WORDS_AGE_BYTES];

	if (verdict == STATUS_LINK_DOWN)
		SAY(telling, WORD_LINK_DOWN, down->name, age(telling, down->since_us, text));
	else if (verdict == STATUS_UNDELIVERED)
		SAY(telling, WORD_NOT_DELIVERED, NULL);
	else if (telling->status->wans[0].state == VIEW_UNKNOWN)
		SAY(telling, WORD_NOT_YET, NULL);
	else
		SAY(telling, WORD_WELL, NULL);
}

/* ---- a WAN */

static void tell_wan(const struct telling *telling, const struct status_wan *wan)
{
	const char *address = *wan->address ? wan->address
					    : words_text(telling->language, WORD_NO_ADDRESS);
	char text[WORDS_AGE_BYTES], made[NUMBER_BYTES], answered[NUMBER_BYTES];

	if (wan->state == VIEW_UP)
		SAY(telling, WORD_WAN_UP, wan->name, wan->interface, address,
			tenths(wan->rtt_us, made));
	else if (wan->state == VIEW_DOWN)
		SAY(telling, WORD_WAN_DOWN, wan->name, wan->interface, address,
			age(telling, wan->since_us, text));
	else
		SAY(telling, WORD_WAN_UNKNOWN, wan->name);
	if (wan->answered_us)
		SAY(telling, WORD_LAST_ANSWER, age(telling, wan->answered_us, text),
			decimal(wan->answered, answered), decimal(wan->made, made));
	else if (wan->state == VIEW_DOWN)
		SAY(telling, WORD_NEVER_ANSWERED, NULL);
	if (wan->fault == VIEW_FAULT_NONE)
		return;
	SAY(telling, WORD_FAULT_NONE + (enum word)wan->fault, NULL);
	SAY(telling, WORD_DO_NONE + (enum word)wan->fault, NULL);
}

/* ---- the collector, and what waits for it */

static void tell_collector(const struct telling *telling, enum status_verdict verdict)
{
	const struct status *status = telling->status;
	char text[WORDS_AGE_BYTES];

	if (status->connected)
		SAY(telling, WORD_CONNECTED, status->collector);
	else
		SAY(telling, WORD_NOT_CONNECTED, status->collector,
			words_text(
				telling->language, WORD_TROUBLE_NONE + (enum word)status->trouble));
	if (status->acknowledged_us)
		SAY(telling, WORD_LAST_REPORT, age(telling, status->acknowledged_us, text));
	else
		SAY(telling, WORD_NEVER_REPORTED, NULL);
	/* Without a link the collector cannot be reached: one piece of advice is enough. */
	if (!status->connected && verdict == STATUS_UNDELIVERED)
		SAY(telling, WORD_DO_TROUBLE_NONE + (enum word)status->trouble, NULL);
}

static void tell_waiting(const struct telling *telling)
{
	const struct status *status = telling->status;
	char count[NUMBER_BYTES], text[WORDS_AGE_BYTES];

	if (status->waiting && status->connected && status->report_s > status->slot_s)
		SAY(telling, WORD_WAITING_FOR_REPORT, decimal(status->waiting, count),
			words_age(telling->language, (uint64_t)status->report_s, text));
	else if (status->waiting)
		SAY(telling, WORD_WAITING, decimal(status->waiting, count));
	if (status->dropped) {
		SAY(telling, WORD_DROPPED, decimal(status->dropped, count));
		SAY(telling, WORD_DO_DROPPED, NULL);
	}
	if (status->rejected) {
		SAY(telling, WORD_REJECTED, decimal(status->rejected, count));
		SAY(telling, WORD_DO_REJECTED, NULL);
	}
}

/* ---- the router */

/* What a revoked agent is told, its collector's line says. */
static void tell_renewal(const struct telling *telling)
{
	const struct status *status = telling->status;
	time_t ends_s = (time_t)status->certificate_expires_s;
	char date[NUMBER_BYTES];
	struct tm day;

	if (!ends_s || status->trouble == TROUBLE_REVOKED || !gmtime_r(&ends_s, &day))
		return;
	strftime(date, sizeof(date), "%F", &day);
	SAY(telling, WORD_RENEWAL_NONE + (enum word)status->renewal, date);
	if (status->renewal >= RENEWAL_PARKED)
		SAY(telling, WORD_DO_RENEWAL, NULL);
}

static void tell_router(const struct telling *telling)
{
	const struct status *status = telling->status;
	char count[NUMBER_BYTES];

	if (!status->clock_known) {
		SAY(telling, WORD_CLOCK, NULL);
		SAY(telling, WORD_DO_CLOCK, NULL);
	}
	if (status->spool_trouble[0]) {
		SAY(telling, WORD_FLASH, status->spool_trouble);
		SAY(telling, WORD_DO_FLASH, NULL);
	}
	if (status->dns > STATUS_DNS_GOOD) {
		SAY(telling, WORD_DNS_UNKNOWN + (enum word)status->dns, status->dns_resolver);
		SAY(telling, WORD_DO_DNS, NULL);
	}
	if (status->clients_plus_one)
		SAY(telling, WORD_DEVICES, decimal(status->clients_plus_one - 1, count));
	tell_renewal(telling);
	if (status->configuration)
		SAY(telling, WORD_CONFIGURATION, decimal(status->configuration, count));
	if (status->configuration_refused)
		SAY(telling, WORD_CONFIGURATION_REFUSED,
			decimal(status->configuration_refused, count));
}

static const char *speed_next(const struct telling *telling, char *text, size_t size)
{
	uint64_t since_s = seconds_since(telling, telling->status->speed_us);
	uint64_t every_s = (uint64_t)telling->status->speed_every_s;
	char age_text[WORDS_AGE_BYTES];

	if (!every_s || since_s >= every_s)
		return "";
	return words_fill(text, size, words_text(telling->language, WORD_SPEED_NEXT),
		(const char *[4]){words_age(telling->language, every_s - since_s, age_text)});
}

static void tell_speed(const struct telling *telling)
{
	const struct status *status = telling->status;
	char text[WORDS_AGE_BYTES], next[80], down[NUMBER_BYTES], up[NUMBER_BYTES];
	const char *reason = words_text(
		telling->language, WORD_SPEED_NONE + (enum word)status->speed_reason);

	if (!status->speed_every_s)
		return;
	if (status->speed_outcome == SPEED_DONE)
		SAY(telling, WORD_SPEED_DONE, tenths(status->speed_down_kbps, down),
			tenths(status->speed_up_kbps, up), age(telling, status->speed_us, text),
			speed_next(telling, next, sizeof(next)));
	else if (status->speed_outcome)
		SAY(telling,
			status->speed_outcome == SPEED_SKIPPED ? WORD_SPEED_SKIPPED
							       : WORD_SPEED_FAILED,
			age(telling, status->speed_us, text), reason,
			speed_next(telling, next, sizeof(next)));
	else
		SAY(telling, WORD_SPEED_FIRST, NULL);
}

enum status_verdict status_tell(const struct status *status, const struct status_now *now,
	enum language language, FILE *out)
{
	const struct telling telling = {status, now, language, out};
	enum status_verdict verdict = status_judge(status, now);

	if (verdict == STATUS_NOT_RUNNING) {
		tell_not_running(&telling);
		return verdict;
	}
	tell_verdict(&telling, verdict);
	for (int i = 0; i < STATUS_WANS; i++)
		if (status->wans[i].name[0])
			tell_wan(&telling, &status->wans[i]);
	tell_collector(&telling, verdict);
	tell_waiting(&telling);
	tell_router(&telling);
	tell_speed(&telling);
	return verdict;
}

bool status_process_lives(const struct status *status, const char *folder)
{
	if (status->pid == 1) /* in a jail, where it is the first: here that is another one */
		return status_is_held(folder);
	return status->pid > 0 && (kill((pid_t)status->pid, 0) == 0 || errno == EPERM);
}

int status_print(const char *folder, enum language language, FILE *out, struct err *err)
{
	struct status status = {.run = 0};
	struct status_now now = {.now_us = clock_boot_us()};
	int failed = status_read(folder, &status, err);

	if (failed == -ENOENT)
		return status_tell(NULL, &now, language, out);
	if (failed < 0)
		return failed;
	now.process_lives = status_process_lives(&status, folder);
	return status_tell(&status, &now, language, out);
}
