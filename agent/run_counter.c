/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/run_counter.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "common/file.h"

#define FILE_NAME "run"
#define FILE_BYTES_MAX 32
#define DRAWN_ABOVE (1U << 20) /* more than the starts of a router's life */
#define DRAWN_MASK ((1U << 28) - 1)

bool run_counter_is_damaged(int status)
{
	return status == -EBADMSG || status == -EFBIG || status == -EIO;
}

static int write_counter(const char *path, uint32_t run, struct err *err)
{
	char text[FILE_BYTES_MAX];
	int length = snprintf(text, sizeof(text), "%u\n", run);

	return file_replace(path, text, (size_t)length, 0640, err);
}

static int read_counter(const char *path, uint32_t *ret_run, struct err *err)
{
	unsigned long long value;
	uint8_t *bytes;
	size_t length;
	char *end;
	int status = file_read(path, FILE_BYTES_MAX, &bytes, &length, err);

	if (status == -ENOENT) {
		*ret_run = 0;
		return 0;
	}
	if (status < 0)
		return status;
	value = strtoull((char *)bytes, &end, 10);
	if (end == (char *)bytes || (*end && *end != '\n') || value >= UINT32_MAX)
		status = err_set(err, -EBADMSG, "%s: is not a number of starts", path);
	else
		*ret_run = (uint32_t)value;
	free(bytes);
	return status;
}

int run_counter_raise(const char *folder, uint32_t known, uint32_t *ret_run, struct err *err)
{
	char path[PATH_MAX];
	uint32_t run = 0;
	int status = file_join(path, sizeof(path), folder, FILE_NAME);

	if (status < 0)
		return err_errno(err, status, "%s", folder);
	status = file_make_folder(folder, 0750, err);
	if (status == 0)
		status = read_counter(path, &run, err);
	if (status < 0)
		return status;
	file_sweep(folder, NULL); /* the power cut in the middle of a write leaves a file */
	run = (run > known ? run : known) + 1;
	status = write_counter(path, run, err);
	if (status == 0)
		*ret_run = run;
	return status;
}

int run_counter_draw(const char *folder, uint32_t known, uint32_t *ret_run, struct err *err)
{
	char path[PATH_MAX];
	uint32_t run = 0, drawn;
	int status = file_join(path, sizeof(path), folder, FILE_NAME);

	if (status == 0)
		status = read_counter(path, &run, err);
	if (status < 0 && !run_counter_is_damaged(status))
		return status;
	if (getrandom(&drawn, sizeof(drawn), 0) != sizeof(drawn))
		return err_errno(err, -errno, "no random numbers");
	run = run > known ? run : known;
	/* Who began so high goes on by small steps: numbers must not run out. */
	if (run < UINT32_MAX / 2)
		run += DRAWN_ABOVE;
	else
		drawn &= DRAWN_ABOVE - 1;
	*ret_run = run + 1 + (drawn & DRAWN_MASK);
	if (status == -EBADMSG || status == -EFBIG)
		write_counter(
			path, *ret_run, NULL); /* the next start counts on from here, or draws */
	return 0;
}
