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

static int write_file(const struct budget_file *file, struct err *err)
{
	char path[PATH_MAX], text[BUDGET_TEXT_MAX];
	size_t length = budget_format(&file->budget, text);
	int status = file_join(path, sizeof(path), file->folder, NAME);

	if (status < 0)
		return err_errno(err, status, "%s", NAME);
	return file_replace(path, text, length, 0644, err);
}

int budget_file_hold(
	struct budget_file *file, uint64_t most, const struct link *link, struct err *err)
{
	const struct budget before = file->budget;
	int status;

	budget_charge(&file->budget, today(), most);
	status = write_file(file, err);
	if (status < 0) {
		file->budget = before;
		return status;
	}
	file->hold.bytes = most;
	file->hold.link = *link;
	return 0;
}

/* A file that cannot be written: the next start finds more charged than was due. */
static void give_back(struct budget_file *file, uint64_t bytes)
{
	struct err err;

	file->hold.bytes = 0;
	if (!bytes)
		return;
	budget_give_back(&file->budget, today(), bytes);
	if (write_file(file, &err) < 0)
		log_warn("speed tests' budget: %s", err.text);
}

/* Both ways; 0: the counters say nothing sure. */
static uint64_t moved_since(const struct link *before, const struct link *now)
{
	if (!before->index || now->index != before->index || now->rx_bytes < before->rx_bytes ||
		now->tx_bytes < before->tx_bytes)
		return 0;
	return now->rx_bytes - before->rx_bytes + now->tx_bytes - before->tx_bytes;
}

void budget_file_settle(
	struct budget_file *file, uint64_t told, uint64_t others, const struct link *link)
{
	uint64_t most = file->hold.bytes, seen = moved_since(&file->hold.link, link);

	if (seen <= others)
		give_back(file, 0);
	else
		give_back(file, most - budget_due(most, told, seen - others));
}

void budget_file_call_off(struct budget_file *file)
{
	give_back(file, file->hold.bytes);
}
