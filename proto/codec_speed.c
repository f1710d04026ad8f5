/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_speed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/codec_check.h"

/* The plain enums are the wire's: one cast, no table. */
_Static_assert((int)SPEED_FAILED == PANTAU__V1__SPEED_OUTCOME__SPEED_FAILED, "outcome");
_Static_assert(
	(int)SPEED_REASON_IMPOSTOR == PANTAU__V1__SPEED_REASON__SPEED_REASON_IMPOSTOR, "reason");

/* ---- check */

static int check_run(const char *field, const Pantau__V1__SpeedRun *run, struct err *err)
{
	const struct {
		const char *name;
		uint64_t value, min, max;
	} ranges[] = {
		{"kbps", run->kbps, 0, SPEED_KBPS_MAX},
		{"bytes", run->bytes, 1, SPEED_BYTES_MAX},
		{"duration_ms", run->duration_ms, 1, SPEED_DURATION_MAX_MS},
		{"rtt_us", run->rtt_us, 0, SPEED_RTT_MAX_US},
	};
	char name[40];

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		snprintf(name, sizeof(name), "%s.%s", field, ranges[i].name);
		int code = check_range(name, ranges[i].value, ranges[i].min, ranges[i].max, err);
		if (code)
			return code;
	}
	return 0;
}

/* What was done has a figure and no reason, what was not has a reason; nothing was moved by a test
 * that was skipped. */
static int check_outcome(const Pantau__V1__Speed *speed, struct err *err)
{
	bool done = (int)speed->outcome == SPEED_DONE, measured = speed->down || speed->up;
	int code;

	if ((code = check_known(
		     "speed.outcome", (int)speed->outcome, SPEED_DONE, SPEED_FAILED, err)))
		return code;
	if ((code = check_known("speed.reason", (int)speed->reason, SPEED_REASON_NONE,
		     SPEED_REASON_COUNT - 1, err)))
		return code;
	if (done != ((int)speed->reason == SPEED_REASON_NONE)) {
		err_set(err, -EINVAL, "speed.reason = %d: belongs to a test that was %s",
			(int)speed->reason, done ? "skipped or failed" : "done");
		return REJECT_INVALID;
	}
	if ((done && !measured) || ((int)speed->outcome == SPEED_SKIPPED && measured)) {
		err_set(err, -EINVAL, "speed: a test that was %s has %s figure",
			done ? "done" : "skipped", done ? "a" : "no");
		return REJECT_INVALID;
	}
	return 0;
}

static int check_server(const Pantau__V1__Speed *speed, struct err *err)
{
	int code;

	if ((code = check_text("speed.server", speed->server, SPEED_SERVER_MAX, err)))
		return code;
	if ((code = check_address("speed.address", speed->address.len, true, err)))
		return code;
	return check_range("speed.port", speed->port, 0, UINT16_MAX, err);
}

int codec_speed_check(const Pantau__V1__Speed *speed, struct err *err)
{
	int code;

	if ((code = check_boot("speed.boot", speed->boot.len, err)))
		return code;
	if ((code = check_range("speed.start_us", speed->start_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_wan("speed.wan", speed->wan, err)))
		return code;
	if ((code = check_outcome(speed, err)) || (code = check_server(speed, err)))
		return code;
	if (speed->down && (code = check_run("speed.down", speed->down, err)))
		return code;
	if (speed->up && (code = check_run("speed.up", speed->up, err)))
		return code;
	if ((code = check_range("speed.rtt_idle_us", speed->rtt_idle_us, 0, SPEED_RTT_MAX_US, err)))
		return code;
	return check_range("speed.rtt_loaded_us", speed->rtt_loaded_us, 0, SPEED_RTT_MAX_US, err);
}

/* ---- read: of a checked record, so nothing can fail */

static void read_run(const Pantau__V1__SpeedRun *run, struct speed_run *ret_run)
{
	if (!run)
		return;
	ret_run->kbps = run->kbps;
	ret_run->bytes = run->bytes;
	ret_run->duration_ms = run->duration_ms;
	ret_run->rtt_us = run->rtt_us;
	ret_run->retransmissions = run->retransmissions;
	ret_run->nonce = run->nonce;
}

void codec_speed_read(const Pantau__V1__Speed *speed, struct speed *ret_speed)
{
	memcpy(ret_speed->boot, speed->boot.data, BOOT_BYTES);
	ret_speed->start_us = speed->start_us;
	snprintf(ret_speed->wan, sizeof(ret_speed->wan), "%s", speed->wan);
	ret_speed->outcome = (uint8_t)speed->outcome;
	ret_speed->reason = (uint8_t)speed->reason;
	snprintf(ret_speed->server, sizeof(ret_speed->server), "%s", speed->server);
	ret_speed->address.length = (uint8_t)speed->address.len;
	if (speed->address.len)
		memcpy(ret_speed->address.bytes, speed->address.data, speed->address.len);
	ret_speed->port = (uint16_t)speed->port;
	read_run(speed->down, &ret_speed->down);
	read_run(speed->up, &ret_speed->up);
	ret_speed->rtt_idle_us = speed->rtt_idle_us;
	ret_speed->rtt_loaded_us = speed->rtt_loaded_us;
	ret_speed->other_rx_bytes = speed->other_rx_bytes;
	ret_speed->other_tx_bytes = speed->other_tx_bytes;
}

/* ---- encode */

/* NULL for a direction that was not measured. */
static Pantau__V1__SpeedRun *lay_out_run(const struct speed_run *run, Pantau__V1__SpeedRun *wire)
{
	*wire = (Pantau__V1__SpeedRun)PANTAU__V1__SPEED_RUN__INIT;
	wire->kbps = run->kbps;
	wire->bytes = run->bytes;
	wire->duration_ms = run->duration_ms;
	wire->rtt_us = run->rtt_us;
	wire->retransmissions = run->retransmissions;
	wire->nonce = run->nonce;
	return run->bytes ? wire : NULL;
}

void codec_speed_lay_out(const struct speed *speed, struct codec_speed *ret_wire)
{
	Pantau__V1__Speed *body = &ret_wire->body;

	*body = (Pantau__V1__Speed)PANTAU__V1__SPEED__INIT;
	body->boot = (ProtobufCBinaryData){BOOT_BYTES, (uint8_t *)speed->boot};
	body->start_us = speed->start_us;
	body->wan = (char *)speed->wan;
	body->outcome = (Pantau__V1__SpeedOutcome)speed->outcome;
	body->reason = (Pantau__V1__SpeedReason)speed->reason;
	body->server = (char *)speed->server;
	body->address = (ProtobufCBinaryData){
		speed->address.length, (uint8_t *)speed->address.bytes};
	body->port = speed->port;
	body->down = lay_out_run(&speed->down, &ret_wire->down);
	body->up = lay_out_run(&speed->up, &ret_wire->up);
	body->rtt_idle_us = speed->rtt_idle_us;
	body->rtt_loaded_us = speed->rtt_loaded_us;
	body->other_rx_bytes = speed->other_rx_bytes;
	body->other_tx_bytes = speed->other_tx_bytes;
}
