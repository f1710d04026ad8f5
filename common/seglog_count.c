/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/seglog.h"
#include "common/seglog_folder.h"
#include "common/seglog_scan.h"

#define END_BYTES 4096 /* some ten usual records */

/* From so many bytes before the end on: 1 with the number, 0 if no record begins there. */
static int count_from(
	struct seglog_scan *scan, uint64_t segment, uint64_t offset, uint64_t *ret_records)
{
	struct seglog_found found;
	int r, any = 0;

	seglog_scan_begin(scan, scan->fd, segment);
	scan->offset = offset;
	scan->blind = offset > 0;
	while ((r = seglog_scan_next(scan, &found)) == 1) {
		*ret_records = found.record + 1;
		any = 1;
	}
	return r < 0 ? r : any;
}

static int count(struct seglog_scan *scan, uint64_t segment, uint64_t *ret_records)
{
	struct stat st;
	uint64_t size, back = END_BYTES;
	int r;

	if (fstat(scan->fd, &st) < 0)
		return -errno;
	size = (uint64_t)st.st_size;
	scan->window_bytes = END_BYTES;
	*ret_records = 0;
	do {
		r = count_from(scan, segment, size > back ? size - back : 0, ret_records);
		back *= 16;
	} while (r == 0 && back / 16 < size);
	return r < 0 ? r : 0;
}

int seglog_count(const char *folder, uint64_t segment, uint64_t *ret_records)
{
	struct seglog_scan scan = {.fd = -1};
	char name[SEGLOG_NAME_BYTES], path[PATH_MAX];
	uint64_t records = 0; /* gcc does not see that count() sets it */
	int r;

	seglog_name(segment, name);
	r = file_join(path, sizeof(path), folder, name);
	if (r < 0)
		return r;
	scan.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (scan.fd < 0)
		return -errno;
	r = count(&scan, segment, &records);
	close(scan.fd);
	seglog_scan_done(&scan);
	if (r == 0)
		*ret_records = records;
	return r;
}
