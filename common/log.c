/* SPDX-License-Identifier: Apache-2.0 */
#include "common/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/civil.h"
#include "common/clock.h"

/* A line goes out in one write(), so that lines of several processes do not mix. */
#define LOG_LINE_BYTES 1024

static enum log_level max_level = LOG_LEVEL_INFO;

static const struct {
	const char *word;
	int syslog; /* the journal's number for it */
} levels[] = {
	[LOG_LEVEL_ERROR] = {"error", 3},
	[LOG_LEVEL_WARN] = {"warning", 4},
	[LOG_LEVEL_INFO] = {"info", 6},
	[LOG_LEVEL_DEBUG] = {"debug", 7},
};

void log_set_level(enum log_level level)
{
	max_level = level;
}

static size_t write_head(char *line, size_t size, enum log_level level)
{
	char now[CIVIL_TIME_BYTES];

	if (getenv("JOURNAL_STREAM"))
		return (size_t)snprintf(line, size, "<%d>", levels[level].syslog);
	civil_format_ms(clock_utc_us() / 1000, now);
	return (size_t)snprintf(line, size, "%s %s: ", now, levels[level].word);
}

/* What a peer sent may stand in a message; it must not draw lines or colours of its own. */
static void blank_controls(char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	}
}

__attribute__((format(printf, 2, 0))) static void log_line(
	enum log_level level, const char *format, va_list args)
{
	char line[LOG_LINE_BYTES];
	size_t head, room;
	int text;

	if (level > max_level)
		return;
	head = write_head(line, sizeof line, level);
	room = sizeof line - head - 1; /* one byte is for the newline */
	text = vsnprintf(line + head, room, format, args);
	if (text < 0)
		return;
	if ((size_t)text >= room)
		text = (int)room - 1;
	blank_controls(line + head, (size_t)text);
	line[head + (size_t)text] = '\n';
	/* There is nowhere left to report a failure to. */
	if (write(STDERR_FILENO, line, head + (size_t)text + 1) < 0)
		return;
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_ERROR, format, args);
	va_end(args);
}

void log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_WARN, format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_INFO, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_DEBUG, format, args);
	va_end(args);
}
