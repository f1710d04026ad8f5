/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/budget_file.h"

#include <limits.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"
#include "proto/limits.h"

#define NAME "speed.budget"
#define DAY_US (86400LL * 1000000)

static uint32_t today(void)
{
	int64_t utc_us = clock_utc_us();

	return utc_us < UTC_MIN_US || utc_us > UTC_MAX_US ? BUDGET_DAY_UNKNOWN
							  : (uint32_t)(utc_us / DAY_US);
}

void budget_file_open(struct budget_file *file, const char *folder)
{
	uint8_t *bytes = NULL;
	char path[PATH_MAX];
	size_t length;

	*file = (struct budget_file){.folder = folder};
	if (file_join(path, sizeof(path), folder, NAME) < 0 ||
		file_read(path, BUDGET_TEXT_MAX, &bytes, &length, NULL) < 0)
		return;
	budget_parse((const char *)bytes, &file->budget);
	free(bytes);
}

uint64_t budget_file_spent(const struct budget_file *file)
{
	return budget_spent(&file->budget, today());
}

void budget_file_charge(struct budget_file *file, uint64_t bytes)
{
	char path[PATH_MAX], text[BUDGET_TEXT_MAX];
	struct err err;
	size_t length;

	if (!bytes)
		return;
	budget_charge(&file->budget, today(), bytes);
	length = budget_format(&file->budget, text);
	if (file_join(path, sizeof(path), file->folder, NAME) == 0 &&
		file_replace(path, text, length, 0644, &err) < 0)
		log_warn("speed tests' budget: %s", err.text);
}
