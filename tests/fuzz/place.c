/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/place.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define DEPTH 8 /* of folders open at once */

void place_make(struct place *place)
{
	/* In memory where there is such a place: a search tries thousands a second. */
	snprintf(place->folder, sizeof(place->folder), "%s/pantau-fuzz.XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	FUZZ_CHECK(mkdtemp(place->folder));
}

void place_put(struct place *place, const char *name, const void *bytes, size_t size)
{
	int fd, length;

	length = snprintf(place->path, sizeof(place->path), "%s/%s", place->folder, name);
	FUZZ_CHECK((size_t)length < sizeof(place->path));
	for (char *at = strchr(place->path + strlen(place->folder) + 1, '/'); at;
		at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(place->path, 0700);
		*at = '/';
	}
	fd = open(place->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	FUZZ_CHECK(close(fd) == 0);
}

static int drop_one(const char *path, const struct stat *found, int kind, struct FTW *where)
{
	return remove(path);
}

void place_drop(struct place *place)
{
	FUZZ_CHECK(nftw(place->folder, drop_one, DEPTH, FTW_DEPTH | FTW_PHYS) == 0);
}
