/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/codec_check.h"

#define STATUS_MIN 100
#define STATUS_MAX 599

/* The plain enums are the wire's: one cast, no table. */
_Static_assert((int)HTTP_FAILED == PANTAU__V1__HTTP_OUTCOME__HTTP_FAILED, "outcome");

/* ---- check */

static int check_outcome(const Pantau__V1__Http *http, struct err *err)
{
	bool answered = (int)http->outcome == HTTP_DONE || (int)http->outcome == HTTP_STATUS;
	int code;

	if ((code = check_known(
		     "http.outcome", (int)http->outcome, HTTP_DONE, HTTP_OUTCOME_COUNT - 1, err)))
		return code;
	if (http->status == 0 && !answered)
		return 0;
	return check_range("http.status", http->status, STATUS_MIN, STATUS_MAX, err);
}

static int check_times(const Pantau__V1__Http *http, struct err *err)
{
	const struct {
		const char *field;
		uint32_t value;
	} times[] = {
		{"http.name_us", http->name_us},
		{"http.connect_us", http->connect_us},
		{"http.tls_us", http->tls_us},
		{"http.first_byte_us", http->first_byte_us},
		{"http.total_us", http->total_us},
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		int code = check_range(times[i].field, times[i].value, 0, HTTP_TIME_MAX_US, err);
		if (code)
			return code;
	}
	return 0;
}

int codec_http_check(const Pantau__V1__Http *http, struct err *err)
{
	int code;

	if ((code = check_boot("http.boot", http->boot.len, err)))
		return code;
	if ((code = check_range("http.start_us", http->start_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_wan("http.wan", http->wan, err)))
		return code;
	if ((code = check_text("http.url", http->url, HTTP_URL_MAX, err)))
		return code;
	if ((code = check_outcome(http, err)))
		return code;
	if ((code = check_address("http.address", http->address.len, true, err)))
		return code;
	if ((code = check_range("http.port", http->port, 0, UINT16_MAX, err)))
		return code;
	return check_times(http, err);
}

/* ---- read: of a checked record, so nothing can fail */

void codec_http_read(const Pantau__V1__Http *http, struct http *ret_http)
{
	memcpy(ret_http->boot, http->boot.data, BOOT_BYTES);
	ret_http->start_us = http->start_us;
	snprintf(ret_http->wan, sizeof(ret_http->wan), "%s", http->wan);
	snprintf(ret_http->url, sizeof(ret_http->url), "%s", http->url);
	ret_http->outcome = (uint8_t)http->outcome;
	ret_http->status = (uint16_t)http->status;
	ret_http->address.length = (uint8_t)http->address.len;
	if (http->address.len)
		memcpy(ret_http->address.bytes, http->address.data, http->address.len);
	ret_http->port = (uint16_t)http->port;
	ret_http->name_us = http->name_us;
	ret_http->connect_us = http->connect_us;
	ret_http->tls_us = http->tls_us;
	ret_http->first_byte_us = http->first_byte_us;
	ret_http->total_us = http->total_us;
	ret_http->bytes = http->bytes;
}

/* ---- encode */

void codec_http_lay_out(const struct http *http, Pantau__V1__Http *ret_wire)
{
	pantau__v1__http__init(ret_wire);
	ret_wire->boot = (ProtobufCBinaryData){BOOT_BYTES, (uint8_t *)http->boot};
	ret_wire->start_us = http->start_us;
	ret_wire->wan = (char *)http->wan;
	ret_wire->url = (char *)http->url;
	ret_wire->outcome = (Pantau__V1__HttpOutcome)http->outcome;
	ret_wire->status = http->status;
	ret_wire->address = (ProtobufCBinaryData){
		http->address.length, (uint8_t *)http->address.bytes};
	ret_wire->port = http->port;
	ret_wire->name_us = http->name_us;
	ret_wire->connect_us = http->connect_us;
	ret_wire->tls_us = http->tls_us;
	ret_wire->first_byte_us = http->first_byte_us;
	ret_wire->total_us = http->total_us;
	ret_wire->bytes = http->bytes;
}
