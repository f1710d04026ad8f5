/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/receipts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct receipts {
	FILE *file;
	int status;
};

int receipts_open(const char *path, struct receipts **ret_receipts, struct err *err)
{
	struct receipts *receipts = calloc(1, sizeof(*receipts));
	int r = 0;

	if (!receipts)
		return err_errno(err, -ENOMEM, "%s", path);
	receipts->file = fopen(path, "ae");
	if (!receipts->file) {
		r = err_errno(err, -errno, "%s", path);
		free(receipts);
		return r;
	}
	*ret_receipts = receipts;
	return 0;
}

void receipts_add(struct receipts *receipts, const struct receipt *receipt)
{
	if (fprintf(receipts->file, "%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu64 "\n",
		    receipt->agent, receipt->run, receipt->first, receipt->last, receipt->sum) < 0)
		receipts->status = -EIO;
}

int receipts_flush(struct receipts *receipts)
{
	if (fflush(receipts->file) != 0 && receipts->status == 0)
		receipts->status = -errno;
	return receipts->status;
}

int receipts_close(struct receipts *receipts)
{
	int status;

	if (!receipts)
		return 0;
	status = receipts_flush(receipts);
	if (fclose(receipts->file) != 0 && status == 0)
		status = -errno;
	free(receipts);
	return status;
}
