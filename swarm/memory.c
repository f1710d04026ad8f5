/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"

#define FOLDER_WORD "%255s"
#define LINE_FORMAT FOLDER_WORD " %" SCNu32 " %32s %" SCNd64 " %" SCNd64 "%c"

int memory_init(struct memory *memory, size_t count)
{
	*memory = (struct memory){
		.count = count, .lives = calloc(count + 1, sizeof(*memory->lives))};
	return memory->lives ? 0 : -ENOMEM;
}

void memory_done(struct memory *memory)
{
	free(memory->lives);
	*memory = (struct memory){0};
}

static const char *name_of(const struct roll_entry *entry)
{
	return strrchr(entry->folder, '/') + 1;
}

/* ---- reading */

static bool read_boot(const char *digits, uint8_t ret_boot[BOOT_BYTES])
{
	if (strspn(digits, "0123456789abcdef") != 2 * BOOT_BYTES)
		return false;
	for (int i = 0; i < BOOT_BYTES; i++)
		if (sscanf(digits + 2 * i, "%2hhx", &ret_boot[i]) != 1)
			return false;
	return true;
}

/* Lines stand in the roll's order, but agents may have come and gone. */
static void set_life(const struct roll *roll, struct memory *memory, const char *name,
	const struct life_memory *life, size_t *last)
{
	for (size_t i = 0; i < roll->count; i++) {
		size_t at = (*last + i) % roll->count;

		if (strcmp(name_of(&roll->entries[at]), name) == 0) {
			memory->lives[at] = *life;
			*last = at + 1;
			return;
		}
	}
}

static bool read_line(char *line, const struct roll *roll, struct memory *memory, size_t *last)
{
	char name[256], boot[2 * BOOT_BYTES + 1], rest = '\n';
	struct life_memory life;

	if (!memory->start_us)
		return sscanf(line, "start %" SCNd64 "%c", &memory->start_us, &rest) >= 1 &&
			rest == '\n' && memory->start_us > 0;
	if (sscanf(line, LINE_FORMAT, name, &life.run, boot, &life.booted_us, &life.lived_us,
		    &rest) < 5 ||
		rest != '\n' || !read_boot(boot, life.boot) || life.lived_us < life.booted_us)
		return false;
	set_life(roll, memory, name, &life, last);
	return true;
}

int memory_read(const char *path, const struct roll *roll, struct memory *memory, struct err *err)
{
	FILE *file = fopen(path, "re");
	unsigned number = 0;
	char *line = NULL;
	size_t size = 0, last = 0;
	int r = 0;

	if (!file)
		return errno == ENOENT ? 0 : err_errno(err, -errno, "%s", path);
	while (r == 0 && getline(&line, &size, file) >= 0) {
		number++;
		if (!read_line(line, roll, memory, &last))
			r = err_set(err, -EINVAL, "%s:%u: %.60s: is no line of a swarm's memory",
				path, number, line);
	}
	free(line);
	fclose(file);
	return r;
}

/* ---- writing */

static void write_life(FILE *file, const char *name, const struct life_memory *life)
{
	fprintf(file, "%s %" PRIu32 " ", name, life->run);
	for (int i = 0; i < BOOT_BYTES; i++)
		fprintf(file, "%02x", life->boot[i]);
	fprintf(file, " %" PRId64 " %" PRId64 "\n", life->booted_us, life->lived_us);
}

int memory_write(
	const char *path, const struct roll *roll, const struct memory *memory, struct err *err)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	int r = 0;

	if (!file)
		return err_errno(err, -ENOMEM, "%s", path);
	fprintf(file, "start %" PRId64 "\n", memory->start_us);
	for (size_t i = 0; i < roll->count; i++)
		if (memory->lives[i].run)
			write_life(file, name_of(&roll->entries[i]), &memory->lives[i]);
	if (fclose(file) != 0)
		r = err_errno(err, -ENOMEM, "%s", path);
	if (r == 0)
		r = file_replace(path, text, length, 0644, err);
	free(text);
	return r;
}
