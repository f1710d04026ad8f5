/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/names.h"

#include <arpa/inet.h>
#include <stdio.h>

#define PICK(names, value) pick(names, sizeof(names) / sizeof((names)[0]), value)

static const char *pick(const char *const *names, size_t count, size_t value)
{
	return value < count && names[value] ? names[value] : "?";
}

const char *dns_question_name(uint8_t question)
{
	static const char *const names[] = {[DNS_PRESENT] = "present", [DNS_ABSENT] = "absent"};

	return PICK(names, question);
}

const char *dns_outcome_name(uint8_t outcome)
{
	static const char *const names[] = {
		[DNS_ANSWERED] = "answered",
		[DNS_NXDOMAIN] = "nxdomain",
		[DNS_SERVFAIL] = "servfail",
		[DNS_REFUSED] = "refused",
		[DNS_TIMEOUT] = "timeout",
		[DNS_HIJACKED] = "hijacked",
		[DNS_MALFORMED] = "malformed",
		[DNS_EMPTY] = "empty",
		[DNS_UNSENT] = "unsent",
	};

	return PICK(names, outcome);
}

const char *http_outcome_name(uint8_t outcome)
{
	static const char *const names[] = {
		[HTTP_DONE] = "done",
		[HTTP_STATUS] = "status",
		[HTTP_PORTAL] = "portal",
		[HTTP_IMPOSTOR] = "impostor",
		[HTTP_NAME] = "name",
		[HTTP_CONNECT] = "connect",
		[HTTP_TLS] = "tls",
		[HTTP_TIMEOUT] = "timeout",
		[HTTP_BROKEN] = "broken",
		[HTTP_FAILED] = "failed",
	};

	return PICK(names, outcome);
}

const char *speed_outcome_name(uint8_t outcome)
{
	static const char *const names[] = {
		[SPEED_DONE] = "done",
		[SPEED_SKIPPED] = "skipped",
		[SPEED_FAILED] = "failed",
	};

	return PICK(names, outcome);
}

const char *speed_reason_name(uint8_t reason)
{
	static const char *const names[] = {
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
	};

	return PICK(names, reason);
}

const char *reset_name(uint8_t reset)
{
	static const char *const names[] = {
		[RESET_UNKNOWN] = "unknown",
		[RESET_POWER_ON] = "power-on",
		[RESET_WATCHDOG] = "watchdog",
		[RESET_PANIC] = "panic",
	};

	return PICK(names, reset);
}

void names_address(const struct address *address, uint16_t port, char ret_text[NAMES_ADDRESS_BYTES])
{
	char plain[INET6_ADDRSTRLEN] = "";
	bool six = address->length == 16;

	ret_text[0] = '\0';
	if ((address->length != 4 && !six) ||
		!inet_ntop(six ? AF_INET6 : AF_INET, address->bytes, plain, sizeof(plain)))
		return;
	if (port)
		snprintf(ret_text, NAMES_ADDRESS_BYTES, six ? "[%s]:%u" : "%s:%u", plain, port);
	else
		snprintf(ret_text, NAMES_ADDRESS_BYTES, "%s", plain);
}
