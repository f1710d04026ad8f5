/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the file of alarms: whatever could be read of it is written again, and that is read
 * without a complaint, to the same. */
#include <string.h>

#include "collector/alert/alarm_file.h"
#include "common/buf.h"
#include "common/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

static const struct alarm_rules rules = {.down_s = 60, .silent_s = 300, .calm_s = 60};

static struct alarm_desk *read_desk(const struct place *place, int *ret_status)
{
	struct alarm_desk *desk = alarm_desk_new(&rules);
	struct habits habits = {.count = {0}};
	struct err err = {.text = ""};

	FUZZ_CHECK(desk);
	*ret_status = alarm_file_read(place->folder, desk, &habits, &err);
	FUZZ_CHECK(*ret_status == 0 || err.text[0]);
	habits_done(&habits);
	return desk;
}

static void write_desk(const struct place *place, struct alarm_desk *desk, struct buf *ret)
{
	const struct habits habits = {.count = {0}};
	struct err err = {.text = ""};
	uint8_t *bytes;
	size_t length;

	FUZZ_CHECK(alarm_file_write(place->folder, desk, &habits, &err) == 0);
	FUZZ_CHECK(file_read(place->path, ALARM_FILE_BYTES_MAX, &bytes, &length, &err) == 0);
	FUZZ_CHECK(buf_append(ret, bytes, length) == 0);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct alarm_desk *desk, *again;
	struct place place;
	struct buf first, second;
	int status;

	buf_init(&first, ALARM_FILE_BYTES_MAX);
	buf_init(&second, ALARM_FILE_BYTES_MAX);
	place_make(&place);
	place_put(&place, ALARM_FILE, bytes, size);
	desk = read_desk(&place, &status);
	write_desk(&place, desk, &first);
	again = read_desk(&place, &status);
	FUZZ_CHECK(status == 0);
	write_desk(&place, again, &second);
	FUZZ_CHECK(buf_length(&first) == buf_length(&second));
	FUZZ_CHECK(!memcmp(buf_peek(&first), buf_peek(&second), buf_length(&first)));
	alarm_desk_free(again);
	alarm_desk_free(desk);
	place_drop(&place);
	buf_done(&second);
	buf_done(&first);
	return 0;
}
