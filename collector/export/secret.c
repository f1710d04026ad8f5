/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"

#define SECRET_MAX 4096 /* bytes of a file with a password or a token */

int secret_read(const char *path, char **ret_secret, struct err *err)
{
	uint8_t *bytes = NULL;
	size_t length;
	int r;

	if (!path[0]) {
		*ret_secret = strdup("");
		return *ret_secret ? 0 : err_errno(err, -ENOMEM, "secret");
	}
	r = file_read(path, SECRET_MAX, &bytes, &length, err);
	if (r < 0)
		return r;
	bytes[strcspn((char *)bytes, "\r\n")] = '\0';
	*ret_secret = (char *)bytes;
	return 0;
}

/* 127.0.0.1, localhost and [::1] alone: whatever else is written like them may be a name of
 * somebody else's. */
bool url_is_here(const char *url)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
	const char *host = strstr(url, "://");

	for (size_t i = 0; host && i < sizeof(hosts) / sizeof(*hosts); i++) {
		size_t length = strlen(hosts[i]);

		if (strncmp(host + 3, hosts[i], length) == 0 && strchr(":/", host[3 + length]))
			return !strchr(host, '@');
	}
	return false;
}
