/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/reset.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/watchdog.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"

#define WATCHDOGS "/sys/class/watchdog"
#define LAST_WORDS "/sys/fs/pstore"
#define SEEN_FILE "last-words"
#define SEEN_BYTES (2 * BOOT_BYTES + 2 * 17 + 8) /* "BOOT BEFORE NOW\n" in hexadecimal */
#define STATUS_BYTES 32

/* ---- the watchdog */

static bool bit_set(const char *folder, const char *name)
{
	char watchdog[PATH_MAX], path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	long status;

	if (file_join(watchdog, sizeof(watchdog), folder, name) < 0 ||
		file_join(path, sizeof(path), watchdog, "bootstatus") < 0)
		return false;
	if (file_read(path, STATUS_BYTES, &bytes, &length, NULL) < 0)
		return false;
	status = strtol((char *)bytes, NULL, 0);
	free(bytes);
	return status & WDIOF_CARDRESET;
}

static bool watchdog_bit(const char *root)
{
	char folder[PATH_MAX];
	bool bit = false;
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s" WATCHDOGS, root);
	dir = opendir(folder);
	if (!dir)
		return false;
	while (!bit && (entry = readdir(dir)))
		bit = entry->d_name[0] != '.' && bit_set(folder, entry->d_name);
	closedir(dir);
	return bit;
}

/* ---- the kernel's last words */

/* FNV-1a over what names them and their size; the order of the folder does not matter. */
static uint64_t hash_entry(const char *folder, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325;
	char path[PATH_MAX], text[NAME_MAX + 64];
	struct stat found;

	if (file_join(path, sizeof(path), folder, name) < 0 || stat(path, &found) < 0)
		return 0;
	snprintf(text, sizeof(text), "%s %jd %jd", name, (intmax_t)found.st_size,
		(intmax_t)found.st_mtime);
	for (const char *at = text; *at; at++)
		hash = (hash ^ (uint8_t)*at) * 0x100000001b3;
	return hash;
}

static uint64_t hash_last_words(const char *root)
{
	char folder[PATH_MAX];
	uint64_t hash = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s" LAST_WORDS, root);
	dir = opendir(folder);
	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		if (strncmp(entry->d_name, "dmesg-", 6) == 0)
			hash ^= hash_entry(folder, entry->d_name);
	closedir(dir);
	return hash;
}

struct seen { /* last words as of two boots */
	char boot[2 * BOOT_BYTES + 1];
	uint64_t before, now; /* when that boot began, and of it */
};

static struct seen read_seen(const char *path)
{
	struct seen seen = {.boot = ""};
	uint8_t *bytes;
	size_t length;

	if (file_read(path, SEEN_BYTES, &bytes, &length, NULL) < 0)
		return seen;
	if (sscanf((char *)bytes, "%32[0-9a-f] %" SCNx64 " %" SCNx64, seen.boot, &seen.before,
		    &seen.now) != 3)
		seen = (struct seen){.boot = ""};
	free(bytes);
	return seen;
}

static void name_boot(const uint8_t boot[BOOT_BYTES], char ret_name[2 * BOOT_BYTES + 1])
{
	for (size_t i = 0; i < BOOT_BYTES; i++)
		snprintf(ret_name + 2 * i, 3, "%02x", boot[i]);
}

/* Written at most once a boot, and never where there are no last words. */
static bool panicked(const char *root, const char *state_folder, const uint8_t boot[BOOT_BYTES])
{
	char path[PATH_MAX], name[2 * BOOT_BYTES + 1], text[SEEN_BYTES];
	uint64_t now = hash_last_words(root);
	struct seen seen;

	if (file_join(path, sizeof(path), state_folder, SEEN_FILE) < 0)
		return false;
	seen = read_seen(path);
	name_boot(boot, name);
	if (strcmp(seen.boot, name) == 0)
		return seen.now && seen.now != seen.before; /* a later start of this boot */
	if (now && now != seen.now) {
		int length = snprintf(
			text, sizeof(text), "%s %" PRIx64 " %" PRIx64 "\n", name, seen.now, now);

		file_replace(path, text, (size_t)length, 0640, NULL);
		return true;
	}
	return false;
}

enum reset reset_find(const char *root, const char *state_folder, const uint8_t boot[BOOT_BYTES])
{
	if (panicked(root, state_folder, boot))
		return RESET_PANIC;
	return watchdog_bit(root) ? RESET_WATCHDOG : RESET_UNKNOWN;
}
