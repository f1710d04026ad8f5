/* SPDX-License-Identifier: Apache-2.0 */
#include "common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_CHARS 36 /* 8-4-4-4-12 hex digits */

/* The kernel lets maxerror grow by 500 ppm and calls the clock unsynchronised at 16 s. */
#define MAXERROR_UNKNOWN_US 16000000

uint64_t clock_boot_us(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int64_t clock_utc_us(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool clock_utc_synchronised(uint64_t *ret_error_us)
{
	struct timex state = {.modes = 0}; /* only reads */

	if (adjtimex(&state) < 0 || (state.status & STA_UNSYNC))
		return false;
	if (state.maxerror < 0 || state.maxerror >= MAXERROR_UNKNOWN_US)
		return false;
	*ret_error_us = (uint64_t)state.maxerror;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int parse_id(const char text[BOOT_ID_CHARS], uint8_t ret_id[16])
{
	uint8_t id[16] = {0};
	unsigned i, digits = 0;

	for (i = 0; i < BOOT_ID_CHARS; i++) {
		int digit = hex_digit(text[i]);

		if (text[i] == '-')
			continue;
		if (digit < 0 || digits == 32)
			return -EBADMSG;
		id[digits / 2] = (uint8_t)(id[digits / 2] << 4 | digit);
		digits++;
	}
	if (digits != 32)
		return -EBADMSG;
	for (i = 0; i < sizeof id; i++)
		ret_id[i] = id[i];
	return 0;
}

int clock_boot_id(uint8_t ret_id[16])
{
	char text[BOOT_ID_CHARS];
	ssize_t got;
	int fd, r;

	fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = read(fd, text, sizeof text);
	r = got < 0 ? -errno : 0;
	close(fd);
	if (r < 0)
		return r;
	return got == (ssize_t)sizeof text ? parse_id(text, ret_id) : -EBADMSG;
}
