/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/flow.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/net/link.h"
#include "common/clock.h"
#include "common/keyed.h"

#define STEP_MS 2 /* how late an acknowledgement may be seen */
#define JUDGE_US 20000 /* how late the end may be seen */
#define UNSENT_BYTES (64 * 1024) /* what waits in the socket cannot be called back */
#define CHECKED_BYTES 4096 /* at the beginning of each piece: a slow CPU has other work */
#define SEGMENT_BYTES 1448 /* while TCP does not say */
#define SEGMENTS_SURE \
	8 /* from there on their mean length is one; the first ones hardly ever get lost */
#define RATIO_ONE 1024
#define HEADER_BYTES_V4 66 /* Ethernet, IPv4, TCP with timestamps */
#define HEADER_BYTES_V6 86

struct counters { /* of the interface, and of the stream's own packets */
	uint64_t rx, tx, own_rx, own_tx;
};

/* What has come to the receiver. After a loss nothing is in order until the gap is filled, and then
 * much at once: segments tell what the link carries meanwhile. */
struct progress {
	uint64_t bytes; /* in order, or acknowledged */
	uint64_t segments; /* in any order, or acknowledged one by one */
};

struct flow {
	const struct flow_request *request;
	struct fetch *fetch;
	struct converge converge;
	struct tcp_info tcp; /* as of the last look */
	uint64_t offset; /* of the content, fetched or sent */
	struct progress base, first, now; /* before the request, at the first look and the last */
	uint64_t ratio_max; /* bytes in order a segment, times RATIO_ONE */
	uint64_t begun_us;
	int netlink;
	struct counters before, after;
	struct flow_result result;
};

/* ---- content */

static void on_header(void *arg, const char *line, size_t length)
{
	struct flow *flow = arg;

	if (length == strlen(FLOW_KEYED_HEADER) &&
		strncasecmp(line, FLOW_KEYED_HEADER, length) == 0)
		flow->result.keyed = true;
}

static bool on_content(void *arg, const void *bytes, size_t length)
{
	struct flow *flow = arg;
	size_t checked = length < CHECKED_BYTES ? length : CHECKED_BYTES;

	if (!flow->request->up && flow->result.keyed &&
		!keyed_check(flow->request->nonce, flow->offset, bytes, checked))
		flow->result.forged = true;
	if (!flow->request->up)
		flow->offset += length;
	return !flow->result.forged;
}

static size_t on_send(void *arg, void *room, size_t size)
{
	struct flow *flow = arg;
	uint64_t left = flow->request->bytes_max - flow->offset;

	if (size > left)
		size = (size_t)left; /* libcurl would send more than it has announced */
	keyed_fill(flow->request->nonce, flow->offset, room, size);
	flow->offset += size;
	return size;
}

/* ---- looking */

static bool read_tcp(struct flow *flow)
{
	struct tcp_info tcp = {0};
	socklen_t size = sizeof(tcp);
	int fd = fetch_socket(flow->fetch);

	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) < 0)
		return false;
	flow->tcp = tcp;
	return true;
}

static void read_counters(struct flow *flow, struct counters *ret_counters)
{
	uint64_t header = flow->request->reach->address.length == 4 ? HEADER_BYTES_V4
								    : HEADER_BYTES_V6;
	struct link link = {0};

	if (flow->netlink >= 0)
		link_by_name(flow->netlink, flow->request->interface, &link);
	*ret_counters = (struct counters){
		.rx = link.rx_bytes,
		.tx = link.tx_bytes,
		.own_rx = flow->tcp.tcpi_bytes_received + header * flow->tcp.tcpi_segs_in,
		.own_tx = flow->tcp.tcpi_bytes_sent + header * flow->tcp.tcpi_segs_out,
	};
}

static uint64_t others(uint64_t all_before, uint64_t all, uint64_t own_before, uint64_t own)
{
	uint64_t all_moved = all - all_before, own_moved = own - own_before;

	return all > all_before && all_moved > own_moved ? all_moved - own_moved : 0;
}

static struct progress read_progress(const struct flow *flow)
{
	const struct tcp_info *tcp = &flow->tcp;
	struct progress progress = {tcp->tcpi_bytes_received, tcp->tcpi_data_segs_in};

	if (flow->request->up)
		progress = (struct progress){tcp->tcpi_bytes_acked, tcp->tcpi_delivered};
	if (!progress.segments) /* a kernel that counts none */
		progress.segments = progress.bytes / SEGMENT_BYTES;
	return progress;
}

static uint64_t bytes_moved(const struct flow *flow)
{
	return flow->now.bytes - flow->base.bytes;
}

/* The head, a segment of its own, is behind the first look. */
static uint64_t ratio_now(const struct flow *flow)
{
	uint64_t segments = flow->now.segments - flow->first.segments;

	return segments ? (flow->now.bytes - flow->first.bytes) * RATIO_ONE / segments
			: SEGMENT_BYTES * RATIO_ONE;
}

static void look(struct flow *flow, uint64_t now_us)
{
	struct progress progress;
	uint64_t segments;

	if (!read_tcp(flow))
		return;
	progress = read_progress(flow);
	if (flow->converge.count == 0 && progress.bytes == flow->base.bytes)
		return; /* upwards: not even the request's head is acknowledged */
	if (flow->converge.count == 0)
		flow->first = progress;
	flow->now = progress;
	segments = progress.segments - flow->first.segments;
	if (segments >= SEGMENTS_SURE && ratio_now(flow) > flow->ratio_max)
		flow->ratio_max = ratio_now(flow);
	converge_take(&flow->converge, now_us, segments * SEGMENT_BYTES);
}

static bool has_gaps(const struct flow *flow)
{
	return flow->request->up ? flow->tcp.tcpi_sacked > 0 : flow->tcp.tcpi_rcv_ooopack > 0;
}

/* A segment's mean length, where all has come in order; or what it was when all had. */
static uint64_t choose_ratio(const struct flow *flow)
{
	uint64_t ratio = ratio_now(flow);

	return has_gaps(flow) && ratio * 100 < flow->ratio_max * 99 ? flow->ratio_max : ratio;
}

/* From segments to bytes. */
static void scale(struct flow *flow)
{
	struct flow_result *result = &flow->result;
	struct converge_figure *figure = &result->figure;
	uint64_t ratio = choose_ratio(flow), all;

	figure->kbps = (uint32_t)(figure->kbps * ratio / SEGMENT_BYTES / RATIO_ONE);
	figure->bytes = figure->bytes * ratio / SEGMENT_BYTES / RATIO_ONE;
	all = flow->first.bytes - flow->base.bytes +
		(flow->now.segments - flow->first.segments) * ratio / RATIO_ONE;
	result->bytes = result->in_order_bytes = bytes_moved(flow);
	if (all <= result->bytes)
		return;
	if (!flow->request->up)
		flow->after.own_rx += all - result->bytes; /* it is here, and not in order yet */
	result->bytes = all;
}

/* ---- running */

static bool is_spent(const struct flow *flow, uint64_t now_us, uint64_t end_us)
{
	return now_us >= end_us || bytes_moved(flow) >= flow->request->bytes_max;
}

/* Whether what comes is content yet: what the server says before it is part of no rate. */
static bool has_begun(const struct flow *flow)
{
	return flow->offset > 0;
}

static void run(struct flow *flow)
{
	uint64_t end_us = clock_boot_us() + flow->request->limit_us, judged_us = 0;

	while (fetch_step(flow->fetch, STEP_MS)) {
		uint64_t now_us = clock_boot_us();

		if (!has_begun(flow))
			continue;
		look(flow, now_us);
		if (is_spent(flow, now_us, end_us))
			return;
		if (now_us - judged_us < JUDGE_US)
			continue;
		judged_us = now_us;
		if (converge_agreed(&flow->converge, &flow->result.figure))
			return;
	}
}

/* It was over before it was looked at twice: all of it is the figure. */
static void make_up(struct flow *flow)
{
	struct converge *seen = &flow->converge;

	if (seen->count >= 2 || !has_begun(flow))
		return;
	seen->count = 0;
	flow->base = flow->first = (struct progress){0};
	flow->now = (struct progress){flow->offset, flow->offset / SEGMENT_BYTES + 1};
	converge_take(seen, flow->begun_us, 0);
	converge_take(seen, clock_boot_us(), flow->offset);
}

static void finish(struct flow *flow)
{
	struct flow_result *result = &flow->result;
	const struct converge *seen = &flow->converge;
	struct fetch_result fetched;

	if (seen->count) {
		read_tcp(flow);
		read_counters(flow, &flow->after);
	}
	fetch_result(flow->fetch, &fetched);
	if (fetched.end == FETCH_DONE && seen->count)
		look(flow, clock_boot_us()); /* what came with its last step */
	make_up(flow);
	result->end = fetched.end;
	result->status = fetched.status;
	memcpy(result->words, fetched.words, sizeof(result->words));
	result->measured = converge_figure(seen, &result->figure);
	if (result->measured)
		scale(flow);
	result->rtt_us = flow->tcp.tcpi_rtt;
	result->retransmissions = flow->tcp.tcpi_total_retrans;
	result->other_rx_bytes = others(
		flow->before.rx, flow->after.rx, flow->before.own_rx, flow->after.own_rx);
	result->other_tx_bytes = others(
		flow->before.tx, flow->after.tx, flow->before.own_tx, flow->after.own_tx);
	if (result->measured)
		result->duration_us = seen->points[seen->count - 1].at_us - seen->points[0].at_us;
}

static int start(struct flow *flow)
{
	const struct flow_request *request = flow->request;
	const struct fetch_request ask = {
		.url = request->url,
		.ca = request->ca,
		.reach = request->reach,
		.limit_us = request->limit_us,
		.arg = flow,
		.content = on_content,
		.header = on_header,
		.send = request->up ? on_send : NULL,
		.send_bytes = request->bytes_max,
	};
	int unsent = UNSENT_BYTES, fd = request->reach->fd;

	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	flow->fetch = fetch_new(&ask);
	if (!flow->fetch)
		return -ENOMEM;
	read_tcp(flow);
	flow->base = flow->now = read_progress(flow);
	read_counters(flow, &flow->before);
	flow->begun_us = clock_boot_us();
	converge_init(&flow->converge, flow->tcp.tcpi_rtt,
		flow->tcp.tcpi_snd_mss ? flow->tcp.tcpi_snd_mss : SEGMENT_BYTES);
	return 0;
}

int flow_run(const struct flow_request *request, struct flow_result *ret_result)
{
	struct flow *flow = calloc(1, sizeof(*flow));
	int status;

	if (!flow) {
		close(request->reach->fd);
		return -ENOMEM;
	}
	flow->request = request;
	flow->netlink = *request->interface ? netlink_open(0) : -1;
	status = start(flow);
	if (status == 0) {
		run(flow);
		finish(flow);
		*ret_result = flow->result;
	}
	fetch_free(flow->fetch);
	if (flow->netlink >= 0)
		close(flow->netlink);
	free(flow);
	return status;
}
