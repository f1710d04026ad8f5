/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/own_events.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct text { /* a part of the stream; no 0 after it */
	const char *at;
	size_t length;
};

#define LITERAL(words) ((struct text){words, sizeof(words) - 1})

static bool begins(struct text text, struct text with)
{
	return text.length >= with.length && memcmp(text.at, with.at, with.length) == 0;
}

/* What follows the first `mark`; at NULL: it is not there. */
static struct text after(struct text text, struct text mark)
{
	const char *found = memmem(text.at, text.length, mark.at, mark.length);

	if (!found)
		return (struct text){NULL, 0};
	found += mark.length;
	return (struct text){found, (size_t)(text.at + text.length - found)};
}

static int compare(const void *key, const void *link)
{
	int64_t left = *(const int64_t *)key, right = ((const struct registry_link *)link)->id;

	return (left > right) - (left < right);
}

/* The number at the beginning is one of the links. */
static bool is_own(const struct own *own, struct text text)
{
	int64_t id = 0;
	size_t i;

	for (i = 0; i < text.length && i < 18 && text.at[i] >= '0' && text.at[i] <= '9'; i++)
		id = id * 10 + (text.at[i] - '0');
	return i > 0 && own->count > 0 &&
		bsearch(&id, own->links, own->count, sizeof(own->links[0]), compare);
}

static int put(struct buf *out, struct text text)
{
	return buf_append(out, text.at, text.length);
}

/* Only the id of what is left out. */
static int put_id(struct buf *out, struct text event)
{
	struct text id = after(event, LITERAL("\nid: "));
	const char *end = id.at ? memchr(id.at, '\n', id.length) : NULL;
	int r;

	if (!end)
		return 0;
	id.length = (size_t)(end - id.at);
	r = put(out, LITERAL("id: "));
	if (r == 0)
		r = put(out, id);
	return r < 0 ? r : put(out, LITERAL("\n\n"));
}

/* The own ones of {"link":1,...},{"link":2,...}: flat objects. The number of them, or an error. */
static int put_own_items(const struct own *own, struct text items, struct buf *out)
{
	int count = 0, r = 0;

	while (r == 0 && begins(items, LITERAL("{\"link\":"))) {
		const char *end = memchr(items.at, '}', items.length);
		struct text item = {items.at, end ? (size_t)(end + 1 - items.at) : items.length};

		if (is_own(own, after(item, LITERAL("{\"link\":")))) {
			if (count++ > 0)
				r = put(out, LITERAL(","));
			if (r == 0)
				r = put(out, item);
		}
		items.at += item.length;
		items.length -= item.length;
		if (begins(items, LITERAL(","))) {
			items.at++;
			items.length--;
		}
	}
	return r < 0 ? r : count;
}

static int put_list(const struct own *own, struct text event, struct buf *out)
{
	struct text items = after(event, LITERAL("{\"links\":["));
	size_t before = buf_length(out);
	int r = put(out, (struct text){event.at, (size_t)(items.at - event.at)});

	if (r == 0)
		r = put_own_items(own, items, out);
	if (r > 0)
		return put(out, LITERAL("]}\n\n"));
	if (r < 0)
		return r;
	out->end -= buf_length(out) - before; /* nothing of theirs: take the beginning back */
	return put_id(out, event);
}

static int put_event(const struct own *own, struct text event, struct buf *out)
{
	struct text data = after(event, LITERAL("\ndata: "));

	if (!data.at)
		return put(out, event); /* a comment, or how soon to come back */
	if (begins(data, LITERAL("{}\n")))
		return put(out, event);
	if (begins(data, LITERAL("{\"links\":[")))
		return put_list(own, event, out);
	if (begins(data, LITERAL("{\"link\":")) && is_own(own, after(data, LITERAL("{\"link\":"))))
		return put(out, event);
	return put_id(out, event);
}

int own_events_take(const struct own *own, struct buf *raw, struct buf *out)
{
	for (;;) {
		struct text text = {(const char *)buf_peek(raw), buf_length(raw)};
		struct text rest = after(text, LITERAL("\n\n"));
		int r;

		if (!rest.at)
			return 0;
		text.length -= rest.length;
		r = put_event(own, text, out);
		if (r < 0)
			return r;
		buf_consume(raw, text.length);
	}
}
