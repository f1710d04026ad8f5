/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd.h"

#include <errno.h>
#include <signal.h>
#include <uv.h>

#include "collector/ledgerd/desk.h"
#include "collector/ledgerd/exporting.h"
#include "collector/ledgerd/follower.h"
#include "collector/ledgerd/heartbeat.h"
#include "collector/ledgerd/status.h"
#include "common/log.h"
#include "common/notify.h"

#define STATUS_LOOKS 10
#define LOOK_MS 500 /* how soon the process ends after its follower did */

struct ledgerd {
	uv_loop_t loop;
	uv_signal_t on_term, on_int;
	uv_timer_t watchdog, look;
	unsigned looks;
	struct desk *desk;
	struct follower *follower;
	struct exporting *exporting;
	struct heartbeat *heartbeat;
	struct ledger_status *status;
};

static void on_watchdog(uv_timer_t *timer)
{
	notify_send("WATCHDOG=1");
}

/* What the service manager shows. */
static void tell_status(const struct ledgerd *ledgerd)
{
	char fault[ERR_TEXT_BYTES];

	desk_get_fault(ledgerd->desk, fault);
	if (fault[0])
		notify_status("stands still: %s", fault);
	else if (follower_mends(ledgerd->follower))
		notify_status("makes a damaged ledger.db anew, and follows the journal");
	else
		notify_status("follows the journal");
}

/* The follower gave up: whoever started this process starts it anew. */
static void on_look(uv_timer_t *timer)
{
	struct ledgerd *ledgerd = timer->data;

	if (ledgerd->looks++ % STATUS_LOOKS == 0)
		tell_status(ledgerd);
	if (!follower_ended(ledgerd->follower))
		return;
	notify_send("STOPPING=1");
	uv_stop(&ledgerd->loop);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void on_stop(uv_signal_t *handle, int signal)
{
	struct ledgerd *ledgerd = handle->data;

	log_info("ledger: stopping: %s", signal == SIGTERM ? "asked to terminate" : "interrupted");
	notify_send("STOPPING=1");
	desk_stop(ledgerd->desk);
	uv_stop(&ledgerd->loop);
}

static int open_loop(struct ledgerd *ledgerd, struct err *err)
{
	uint64_t watchdog_ms = notify_watchdog_ms();
	int r = uv_loop_init(&ledgerd->loop);

	if (r < 0)
		return err_set(err, r, "event loop: %s", uv_strerror(r));
	uv_timer_init(&ledgerd->loop, &ledgerd->watchdog);
	uv_timer_init(&ledgerd->loop, &ledgerd->look);
	ledgerd->look.data = ledgerd;
	uv_signal_init(&ledgerd->loop, &ledgerd->on_term);
	uv_signal_init(&ledgerd->loop, &ledgerd->on_int);
	ledgerd->on_term.data = ledgerd->on_int.data = ledgerd;
	uv_signal_start(&ledgerd->on_term, on_stop, SIGTERM);
	uv_signal_start(&ledgerd->on_int, on_stop, SIGINT);
	if (watchdog_ms)
		uv_timer_start(&ledgerd->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
	return 0;
}

static void close_loop(struct ledgerd *ledgerd)
{
	ledger_status_close(ledgerd->status);
	uv_walk(&ledgerd->loop, close_handle, NULL);
	uv_run(&ledgerd->loop, UV_RUN_DEFAULT);
	uv_loop_close(&ledgerd->loop);
}

/* The follower first: it makes ledger.db, which the others read. */
static int start(struct ledgerd *ledgerd, const char *state, const struct settings *settings,
	struct err *err)
{
	int r = follower_new(state, ledgerd->desk, &ledgerd->follower, err);

	if (r == 0) {
		follower_keep(ledgerd->follower, settings->keep_months);
		follower_set_batch(ledgerd->follower, (size_t)settings->batch_mib << 20);
	}
	if (r == 0)
		r = exporting_start(state, settings, ledgerd->desk, &ledgerd->exporting, err);
	if (r == 0)
		r = ledger_status_new(&ledgerd->loop, state, ledgerd->desk, &ledgerd->status, err);
	if (r == 0)
		r = follower_start(ledgerd->follower, err);
	if (r == 0)
		r = heartbeat_start(state, settings, ledgerd->desk, &ledgerd->heartbeat, err);
	return r;
}

int ledgerd_run(const char *state, const struct settings *settings, struct err *err)
{
	struct ledgerd ledgerd = {.desk = desk_new()};
	int r;

	if (!ledgerd.desk)
		return err_errno(err, -ENOMEM, "%s", state);
	r = open_loop(&ledgerd, err);
	if (r < 0)
		goto free_desk;
	r = start(&ledgerd, state, settings, err);
	if (r == 0) {
		log_info("ledger: follows the journal in %s", state);
		notify_send("READY=1");
		uv_timer_start(&ledgerd.look, on_look, LOOK_MS, LOOK_MS);
		uv_run(&ledgerd.loop, UV_RUN_DEFAULT);
		if (follower_ended(ledgerd.follower))
			r = err_set(err, -EBADMSG, "a database is damaged: see above");
	}
	desk_stop(ledgerd.desk);
	heartbeat_end(ledgerd.heartbeat);
	/* the exporter's last position goes into the follower's last batch */
	exporting_end(ledgerd.exporting);
	follower_join(ledgerd.follower);
	follower_free(ledgerd.follower);
	close_loop(&ledgerd);

free_desk:
	desk_free(ledgerd.desk);
	return r;
}
