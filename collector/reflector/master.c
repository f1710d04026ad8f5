/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/reflector/master.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/endpoint.h"
#include "common/file.h"

#define NAME "stamp.key"
#define TEXT_BYTES (2 * STAMP_MASTER_BYTES + 1) /* and the end of the line */

static int path_of(const char *state, char ret_path[PATH_MAX], struct err *err)
{
	int r = file_join(ret_path, PATH_MAX, state, NAME);

	return r < 0 ? err_errno(err, r, "%.64s...", state) : 0;
}

int master_make(const char *state, struct err *err)
{
	uint8_t master[STAMP_MASTER_BYTES];
	char path[PATH_MAX], text[TEXT_BYTES + 1];
	int r = path_of(state, path, err);

	if (r < 0 || access(path, F_OK) == 0)
		return r;
	if (getrandom(master, sizeof(master), 0) != sizeof(master))
		return err_errno(err, -EIO, "random numbers");
	hex_format(master, sizeof(master), text);
	strcat(text, "\n");
	r = file_replace(path, text, TEXT_BYTES, 0600, err);
	return r < 0 ? r : 1;
}

int master_read(const char *state, uint8_t ret_master[STAMP_MASTER_BYTES], struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int r = path_of(state, path, err);

	if (r < 0)
		return r;
	if (access(path, F_OK) < 0)
		return err_set(err, -ENOENT,
			"%s is not there: run \"pantau init\" once more, as the same user: it "
			"makes what "
			"is missing and changes nothing else",
			path);
	r = file_read(path, TEXT_BYTES, &bytes, &length, err);
	if (r < 0)
		return r;
	if (length && bytes[length - 1] == '\n')
		bytes[length - 1] = '\0';
	r = hex_parse((const char *)bytes, ret_master, STAMP_MASTER_BYTES);
	explicit_bzero(bytes, length);
	free(bytes);
	return r < 0 ? err_set(err, r, "%s: must hold %d hexadecimal digits", path,
			       2 * STAMP_MASTER_BYTES)
		     : 0;
}

uint16_t master_port(const char *listen)
{
	char first[80], host[80], port[ENDPOINT_PORT_BYTES] = "";
	const char *rest = listen;

	if (!list_next(&rest, first, sizeof(first)))
		return 0;
	snprintf(port, sizeof(port), "%d", STAMP_PORT);
	endpoint_split(first, host, sizeof(host), port);
	return (uint16_t)strtoul(port, NULL, 10);
}
