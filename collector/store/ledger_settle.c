/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a batch: the slots that came become pages, and everything that anchors and signs of
 * life mean is touched. */
#include "collector/store/derived_private.h"
#include "collector/store/ledger_run.h"
#include "collector/store/ledger_twin.h"

int ledger_settle(struct ledger_writer *writer, struct err *err)
{
	int r = settle_moved(writer, err);

	if (r == 0)
		r = runs_flush(writer, err);
	if (r == 0)
		r = settle_twins(writer, err);
	if (r == 0)
		r = settle_signs(writer, err);
	if (r == 0 && writer->news_count)
		r = outbox_write_news(writer->db, writer->news, writer->news_count, err);
	writer->news_count = 0;
	if (r == 0)
		r = derived_settle(writer, err);
	return r;
}
