/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/flush.h"

#define NEWS_AHEAD_US ((FLUSH_NEWS_BURST - 1) * FLUSH_NEWS_EVERY_US)

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void flush_init(struct flush *flush, size_t full_bytes)
{
	*flush = (struct flush){
		.full_bytes = full_bytes,
		.unacked_us = FLUSH_NEVER,
		.news_us = FLUSH_NEVER,
		.failed_us = FLUSH_NEVER,
	};
}

void flush_added(struct flush *flush, uint64_t now_us, size_t bytes, bool is_news)
{
	flush->bytes += bytes;
	flush->unacked_us = earlier(flush->unacked_us, now_us);
	if (is_news)
		flush->news_us = earlier(flush->news_us, now_us);
}

void flush_acked(struct flush *flush)
{
	flush->unacked_us = flush->news_us = FLUSH_NEVER;
}

/* Without regard to news. */
static uint64_t plain_due(const struct flush *flush)
{
	if (flush->bytes >= flush->full_bytes)
		return 0;
	return flush->unacked_us == FLUSH_NEVER ? FLUSH_NEVER : flush->unacked_us + FLUSH_AGE_US;
}

static uint64_t news_due(const struct flush *flush)
{
	uint64_t due_us;

	if (flush->news_us == FLUSH_NEVER)
		return FLUSH_NEVER;
	due_us = flush->news_us + FLUSH_NEWS_US;
	if (flush->budget_us > NEWS_AHEAD_US)
		due_us = later(due_us, flush->budget_us - NEWS_AHEAD_US);
	return due_us;
}

uint64_t flush_due(const struct flush *flush)
{
	uint64_t due_us = earlier(plain_due(flush), news_due(flush));

	if (due_us != FLUSH_NEVER && flush->failed_us != FLUSH_NEVER)
		due_us = later(due_us, flush->failed_us + FLUSH_RETRY_US);
	return due_us;
}

void flush_done(struct flush *flush, uint64_t now_us)
{
	if (news_due(flush) <= now_us && plain_due(flush) > now_us)
		flush->budget_us = later(flush->budget_us, now_us) + FLUSH_NEWS_EVERY_US;
	flush->bytes = 0;
	flush->failed_us = FLUSH_NEVER;
	flush_acked(flush);
}

void flush_failed(struct flush *flush, uint64_t now_us)
{
	flush->failed_us = now_us;
}
