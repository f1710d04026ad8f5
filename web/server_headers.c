/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server_headers.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define NAME_SHOWN_BYTES 64 /* of a header that is refused */

/* Each is read once: a second one could mean something else to who reads the last. */
static const char *const single[] = {"Host", "Content-Length", "Transfer-Encoding", "Content-Type",
	"Authorization", "Cookie", "X-Pantau-CSRF", "Origin", "Sec-Fetch-Site", "Last-Event-ID",
	"If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto"};

struct look {
	struct response *ret;
	unsigned seen; /* bits of single[] */
	bool refused;
};

static void refuse(struct look *look, const char *name, const char *words)
{
	char shown[NAME_SHOWN_BYTES];

	strncpy(shown, name, sizeof(shown) - 1);
	shown[sizeof(shown) - 1] = '\0';
	response_bad_param(look->ret, shown, "", words);
	look->refused = true;
}

/* RFC 9110, 5.6.2. A blank before the colon would hide a header from us, and from nobody else. */
static bool is_token(const char *name, size_t length)
{
	if (length == 0 || strlen(name) != length)
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && !strchr("!#$%&'*+-.^_`|~", *name))
			return false;
	}
	return true;
}

static bool is_number(const char *value)
{
	return *value && value[strspn(value, "0123456789")] == '\0';
}

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name,
	size_t name_length, const char *value, size_t value_length)
{
	struct look *look = arg;

	if (!is_token(name, name_length) || !value || strlen(value) != value_length) {
		refuse(look, name, "is no header");
		return MHD_NO;
	}
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		if (strcasecmp(name, single[i]) != 0)
			continue;
		if (look->seen & 1u << i)
			refuse(look, name, "this header is given twice");
		look->seen |= 1u << i;
	}
	return look->refused ? MHD_NO : MHD_YES;
}

static const char *find(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

bool server_headers_check(
	struct MHD_Connection *connection, const char *version, struct response *ret)
{
	const char *length = find(connection, "Content-Length");
	const char *coding = find(connection, "Transfer-Encoding");
	struct look look = {.ret = ret};

	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &look);
	if (look.refused)
		return false;
	if (length && coding)
		refuse(&look, "Content-Length", "goes not with Transfer-Encoding");
	else if (length && !is_number(length))
		refuse(&look, "Content-Length", "must be a whole number");
	else if (coding && strcasecmp(coding, "chunked") != 0)
		refuse(&look, "Transfer-Encoding", "only chunked is understood");
	else if (strcmp(version, MHD_HTTP_VERSION_1_1) == 0 && !find(connection, "Host"))
		refuse(&look, "Host", "is missing");
	return !look.refused;
}
