/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/telegram_answer.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

int telegram_answer(const struct http_answer *answer, struct delivery *delivery,
	int64_t *ret_message, struct err *err)
{
	json_t *root = json_loads(answer->text, 0, NULL);
	const char *words = json_string_value(json_object_get(root, "description"));
	json_int_t wait_s = json_integer_value(
		json_object_get(json_object_get(root, "parameters"), "retry_after"));
	int r = 0;

	if (answer->status == 200 && json_is_true(json_object_get(root, "ok"))) {
		*ret_message = json_integer_value(
			json_object_get(json_object_get(root, "result"), "message_id"));
	} else if (words && strstr(words, "message is not modified")) {
		r = 0; /* it says so already */
	} else {
		delivery->retry_after_s = wait_s > 0 && wait_s < UINT32_MAX ? (uint32_t)wait_s
									    : answer->retry_after_s;
		r = err_set(err, answer->status == 400 ? -EBADMSG : -EAGAIN,
			"telegram: answer %ld: %.120s", answer->status, words ? words : "");
		if (words && strstr(words, "message to edit not found"))
			r = -ENOENT;
	}
	json_decref(root);
	return r;
}
