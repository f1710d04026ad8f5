/* SPDX-License-Identifier: Apache-2.0 */
#include "web/lanes.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#define THREADS_MAX 4

struct lane {
	pthread_mutex_t lock;
	pthread_cond_t more; /* a job, or the end */
	struct lane_job *first, **last;
	size_t taken; /* places: jobs that wait or run, and those about to */
	size_t places;
	bool stopping;
	int nice;
	size_t thread_count; /* started */
	pthread_t threads[THREADS_MAX];
};

struct lanes {
	struct lane lanes[LANE_COUNT];
};

static const struct {
	size_t threads, waiting;
	int nice; /* of its threads, over the program's */
} sizes[LANE_COUNT] = {
	[LANE_PASSWORD] = {LANE_PASSWORD_THREADS, LANE_PASSWORD_WAITING},
	[LANE_REPORT] = {LANE_REPORT_THREADS, LANE_REPORT_WAITING, LANE_REPORT_NICE},
	[LANE_OPEN] = {LANE_OPEN_THREADS, LANE_OPEN_WAITING, LANE_OPEN_NICE},
};

/* The oldest job; NULL: it is time to end. Under the lock. */
static struct lane_job *next_job(struct lane *lane)
{
	struct lane_job *job;

	while (!lane->first && !lane->stopping)
		pthread_cond_wait(&lane->more, &lane->lock);
	job = lane->first;
	if (!job)
		return NULL;
	lane->first = job->next;
	if (!lane->first)
		lane->last = &lane->first;
	return job;
}

/* Of this thread alone, as Linux has it. Where that is refused the lane works all the same. */
static void step_back(int nice)
{
	if (nice)
		setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + nice);
}

static void *serve(void *arg)
{
	struct lane *lane = arg;
	struct lane_job *job;

	step_back(lane->nice);
	pthread_mutex_lock(&lane->lock);
	while ((job = next_job(lane))) {
		bool cancelled = lane->stopping;

		pthread_mutex_unlock(&lane->lock);
		job->run(job->arg, cancelled); /* the job may be gone from here on */
		pthread_mutex_lock(&lane->lock);
		lane->taken--;
	}
	pthread_mutex_unlock(&lane->lock);
	return NULL;
}

static void lane_init(struct lane *lane, enum http_lane which)
{
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->more, NULL);
	lane->last = &lane->first;
	lane->places = sizes[which].threads + sizes[which].waiting;
	lane->nice = sizes[which].nice;
}

static int lane_start(struct lane *lane, size_t threads)
{
	while (lane->thread_count < threads) {
		int r = -pthread_create(&lane->threads[lane->thread_count], NULL, serve, lane);

		if (r < 0)
			return r;
		lane->thread_count++;
	}
	return 0;
}

int lanes_start(struct lanes **ret_lanes, struct err *err)
{
	struct lanes *lanes = calloc(1, sizeof(*lanes));
	int r = 0;

	if (!lanes)
		return err_errno(err, -ENOMEM, "lanes");
	for (int i = 0; i < LANE_COUNT; i++)
		lane_init(&lanes->lanes[i], (enum http_lane)i);
	for (int i = 0; i < LANE_COUNT && r == 0; i++)
		r = lane_start(&lanes->lanes[i], sizes[i].threads);
	if (r < 0) {
		lanes_stop(lanes);
		lanes_free(lanes);
		return err_errno(err, r, "cannot start a thread");
	}
	*ret_lanes = lanes;
	return 0;
}

bool lanes_enter(struct lanes *lanes, enum http_lane which)
{
	struct lane *lane = &lanes->lanes[which];
	bool entered;

	pthread_mutex_lock(&lane->lock);
	entered = !lane->stopping && lane->taken < lane->places;
	lane->taken += entered;
	pthread_mutex_unlock(&lane->lock);
	return entered;
}

void lanes_run(struct lanes *lanes, enum http_lane which, struct lane_job *job)
{
	struct lane *lane = &lanes->lanes[which];
	bool stopping;

	job->next = NULL;
	pthread_mutex_lock(&lane->lock);
	stopping = lane->stopping;
	if (!stopping) {
		*lane->last = job;
		lane->last = &job->next;
		pthread_cond_signal(&lane->more);
	}
	pthread_mutex_unlock(&lane->lock);
	if (stopping) /* between the place and the queue */
		job->run(job->arg, true);
}

static void lane_stop(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	lane->stopping = true;
	pthread_cond_broadcast(&lane->more);
	pthread_mutex_unlock(&lane->lock);
	for (size_t i = 0; i < lane->thread_count; i++)
		pthread_join(lane->threads[i], NULL);
	lane->thread_count = 0;
}

void lanes_stop(struct lanes *lanes)
{
	for (int i = 0; lanes && i < LANE_COUNT; i++)
		lane_stop(&lanes->lanes[i]);
}

void lanes_free(struct lanes *lanes)
{
	if (!lanes)
		return;
	for (int i = 0; i < LANE_COUNT; i++) {
		pthread_cond_destroy(&lanes->lanes[i].more);
		pthread_mutex_destroy(&lanes->lanes[i].lock);
	}
	free(lanes);
}
