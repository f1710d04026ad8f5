/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line a message on standard error. When the journal reads it (JOURNAL_STREAM is set) the
 * level goes in front as "<N>"; otherwise the time and the word. The level is the project's only
 * mutable global.
 */
#ifndef PANTAU_COMMON_LOG_H
#define PANTAU_COMMON_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
