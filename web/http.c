/* SPDX-License-Identifier: Apache-2.0 */
#include "web/http.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void response_init(struct response *response)
{
	*response = (struct response){.status = 200};
	buf_init(&response->body, HTTP_BODY_MAX);
}

void response_done(struct response *response)
{
	if (response->stream.close)
		response->stream.close(response->stream.arg);
	response->stream = (struct stream){0};
	blob_drop(response->blob);
	response->blob = NULL;
	buf_done(&response->body);
}

const char *request_param(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->param_count; i++) {
		if (strcmp(request->params[i].name, name) == 0)
			return request->params[i].value;
	}
	return NULL;
}

bool request_knows(const struct request *request, const char *etag)
{
	const char *tags = request->if_none_match;

	return tags && (strcmp(tags, "*") == 0 || strstr(tags, etag) != NULL);
}

/* Of "gzip;q=0.5", one of the codings in the list, its name. */
static bool is_coding(const char *coding, const char *name)
{
	size_t length = strcspn(coding, "; \t,");

	return length == strlen(name) && !strncasecmp(coding, name, length);
}

static bool is_taken(const char *coding, size_t length)
{
	const char *weight = memmem(coding, length, "q=", 2);

	return !weight || strtod(weight + 2, NULL) > 0;
}

bool request_unpacks(const struct request *request)
{
	const char *at = request->accept_encoding ? request->accept_encoding : "";
	bool any = false;

	while (*(at += strspn(at, " \t,"))) {
		size_t length = strcspn(at, ",");

		if (is_coding(at, "gzip"))
			return is_taken(at, length);
		if (is_coding(at, "*"))
			any = is_taken(at, length);
		at += length;
	}
	return any;
}

void response_header(struct response *response, const char *name, const char *format, ...)
{
	struct http_extra *extra = &response->extras[response->extra_count];
	va_list values;
	int length;

	assert(response->extra_count < HTTP_EXTRAS_MAX);
	extra->name = name;
	va_start(values, format);
	length = vsnprintf(extra->value, sizeof(extra->value), format, values);
	va_end(values);
	assert(length >= 0 && (size_t)length < sizeof(extra->value));
	assert(!strpbrk(extra->value, "\r\n"));
	response->extra_count++;
}

void response_done_well(struct response *response)
{
	buf_clear(&response->body);
	response->status = 204;
}

void response_redirect(struct response *response, const char *path)
{
	response->status = 303;
	response_header(response, "Location", "%s", path);
}

void response_later(struct response *response, unsigned status, int64_t wait_s, const char *words)
{
	response_error(response, status, words);
	response_header(response, "Retry-After", "%" PRId64, wait_s);
}

void response_json(struct response *response, struct json *json)
{
	buf_clear(&response->body);
	response->status = 200;
	response->type = "application/json";
	json_init(json, &response->body);
	json_object(json, NULL);
}

/* Words that need no memory, for when there is none. */
static void out_of_memory(struct response *response)
{
	static const char words[] =
		"{\"error\":\"the answer does not fit into memory\",\"code\":\"busy\"}\n";

	buf_done(&response->body);
	response->status = 503;
	response->type = "application/json";
	response->fixed = words;
	response->fixed_length = sizeof(words) - 1;
}

void response_json_end(struct response *response, struct json *json)
{
	json_object_end(json);
	if (json_end(json) < 0 || buf_append(&response->body, "\n", 1) < 0)
		out_of_memory(response);
}

const char *response_code(unsigned status)
{
	switch (status) {
	case 401: return "login";
	case 403: return "role";
	case 404: return "absent";
	case 405: return "method";
	case 409: return "already";
	case 410: return "gone";
	case 413:
	case 414:
	case 431: return "length";
	case 415: return "type";
	case 429: return "throttled";
	case 503: return "busy";
	default: return status >= 500 ? "fault" : "value";
	}
}

static void answer_error(struct response *response, const char *code,
	const struct http_param *param, const char *words)
{
	unsigned status = response->status;
	struct json json;

	response_json(response, &json);
	response->status = status;
	json_text(&json, "error", words);
	json_text(&json, "code", code);
	if (param) {
		json_text(&json, "parameter", param->name);
		json_text(&json, "value", param->value);
	}
	response_json_end(response, &json);
}

void response_refuse(
	struct response *response, unsigned status, const char *code, const char *words)
{
	response->status = status;
	answer_error(response, code, NULL, words);
}

void response_error(struct response *response, unsigned status, const char *words)
{
	response_refuse(response, status, response_code(status), words);
}

void response_bad_as(struct response *response, const char *code, const struct http_param *param,
	const char *words)
{
	response->status = 400;
	answer_error(response, code, param, words);
}

void response_bad_param(
	struct response *response, const char *name, const char *value, const char *words)
{
	response_bad_as(response, "value", &(struct http_param){name, value}, words);
}

void response_missing(struct response *response, const char *name)
{
	response_bad_as(response, "missing", &(struct http_param){name, ""}, "is missing");
}
