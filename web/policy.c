/* SPDX-License-Identifier: Apache-2.0 */
#include "web/policy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HOST_BYTES 200
#define HOST_LETTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]" /* and the port */

static int refuse(const char *tiles, const char *words, struct err *err)
{
	return err_set(err, -EINVAL, "[web] tiles = %.100s: %s", tiles, words);
}

/* Scheme and host as a source of the policy; {s} stands for any name below it. */
static int find_host(const char *tiles, char ret_host[HOST_BYTES], struct err *err)
{
	static const char any[] = "{s}.";
	const char *name = strstr(tiles, "://");
	const char *star = "";
	size_t length;

	if (strncmp(tiles, "https://", 8) != 0 && strncmp(tiles, "http://", 7) != 0)
		return refuse(tiles, "must begin with https:// or http://", err);
	name += 3;
	if (strncmp(name, any, sizeof(any) - 1) == 0) {
		star = "*.";
		name += sizeof(any) - 1;
	}
	length = strspn(name, HOST_LETTERS);
	if (length == 0 || name[length] != '/' || length > HOST_BYTES / 2)
		return refuse(tiles, "has no host that could be one", err);
	if (!strstr(tiles, "{z}") || !strstr(tiles, "{x}") || !strstr(tiles, "{y}"))
		return refuse(tiles, "needs {z}, {x} and {y}", err);
	snprintf(ret_host, HOST_BYTES, " %.*s%s%.*s", (int)(strstr(tiles, "://") + 3 - tiles),
		tiles, star, (int)length, name);
	return 0;
}

int policy_write(const char *tiles, char ret_policy[HTTP_POLICY_BYTES], struct err *err)
{
	char host[HOST_BYTES] = "";
	int r = tiles[0] ? find_host(tiles, host, err) : 0;

	if (r < 0)
		return r;
	snprintf(ret_policy, HTTP_POLICY_BYTES,
		"default-src 'self'; img-src 'self' data:%s; object-src 'none'; base-uri 'none'; "
		"form-action 'none'; frame-ancestors 'none'",
		host);
	return 0;
}
