/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store/noise.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE 4096

static uint64_t next_random(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

void noise_over(const char *path, uint64_t seed)
{
	uint64_t random = seed * 0x9e3779b97f4a7c15ULL + 1;
	uint8_t noise[PAGE];
	struct stat st;
	int fd = open(path, O_RDWR);
	unsigned times = 1 + next_random(&random) % 6;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	for (unsigned i = 0; i < times; i++) {
		off_t at = (off_t)(next_random(&random) % (uint64_t)(st.st_size / PAGE)) * PAGE;
		size_t length = next_random(&random) % 2 ? PAGE : 1 + next_random(&random) % 64;

		at += length < PAGE ? (off_t)(next_random(&random) % (PAGE - length)) : 0;
		for (size_t n = 0; n < length; n++)
			noise[n] = (uint8_t)next_random(&random);
		if (next_random(&random) % 4 == 0)
			memset(noise, 0, length);
		assert_int_equal(pwrite(fd, noise, length, at), (ssize_t)length);
	}
	if (next_random(&random) % 16 == 0)
		assert_int_equal(
			ftruncate(fd, (off_t)(next_random(&random) % (uint64_t)st.st_size)), 0);
	close(fd);
}
