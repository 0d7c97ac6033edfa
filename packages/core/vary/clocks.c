// The calendar: clocks go fast by a number of seconds, and so do the times of files, for a build that compares the two
// (find -mtime) must find them in agreement.
//
// Only times of this build are moved: those later than a week before its beginning. Sources, which have the time 1, and
// whatever a program dated in the past keep their time. Where a program hands over a time, it is moved back by the same rule,
// so that touch -r, cp -p and a wait until a point in time do what they are meant to do.
//
// Or they stand still, all at one second, for a comparison of two builds in which only something else is to differ.

#include "vary.h"

enum { WEEK = 7 * 24 * 3600 };

static int64_t beginning;

void start_clocks(void)
{
    Time now;
    KERNEL(SYS_clock_gettime, 0, &now, 0, 0);
    beginning = now.seconds - WEEK;
    if (options.still) options.date = options.still - now.seconds;      // for points in time to wait for
}

int64_t shifted(int64_t seconds)
{
    return seconds < beginning ? seconds : options.still ? options.still : seconds + options.date;
}

static int answer_time_at(Call *call, int index, int64_t seconds, int64_t fraction)
{
    if (options.still) seconds = options.still, fraction = 0;
    int32_t narrow[2] = { seconds, fraction };
    Time wide = { seconds, fraction };
    int width = call->how->detail;
    return answer_with(call, call->argument[index], width == 4 ? (void *)narrow : &wide, 2 * width);
}

int answer_clock_gettime(Call *call)
{
    Time now;
    if (KERNEL(SYS_clock_gettime, call->argument[0], &now, 0, 0) < 0) return AS_IT_IS;
    return answer_time_at(call, 1, now.seconds + options.date, now.nanoseconds);
}

int answer_gettimeofday(Call *call)
{
    Time now;
    int32_t zone[2];    // as whoever set the clock told the kernel
    if (!call->argument[0]) return AS_IT_IS;
    if (call->argument[1]) {
        if (KERNEL(SYS_gettimeofday, 0, zone, 0, 0) < 0) return AS_IT_IS;
        if (store(call->thread, call->argument[1], zone, sizeof zone) < 0) return AS_IT_IS;
    }
    KERNEL(SYS_clock_gettime, 0, &now, 0, 0);
    return answer_time_at(call, 0, now.seconds + options.date, now.nanoseconds / 1000);
}

int answer_time(Call *call)
{
    Time now;
    KERNEL(SYS_clock_gettime, 0, &now, 0, 0);
    now.seconds = options.still ? options.still : now.seconds + options.date;
    if (call->argument[0] && store(call->thread, call->argument[0], &now.seconds, call->how->detail) < 0) return AS_IT_IS;
    return answer(call, now.seconds);
}

// Where times are that a program hands over: behind which argument, from which byte, how many, how far apart, how wide.
static const struct {
    int index, first, count, step, width;
} layouts[] = {
    [TIMES_UTIME] = { 1, 0, 2, 8, 8 },
    [TIMES_UTIMES] = { 1, 0, 2, 16, 8 },
    [TIMES_UTIMENSAT] = { 2, 0, 2, 16, 8 },
    [TIMES_UTIME_NARROW] = { 1, 0, 2, 4, 4 },
    [TIMES_UTIMES_NARROW] = { 1, 0, 2, 8, 4 },
    [TIMES_UTIMENSAT_NARROW] = { 2, 0, 2, 8, 4 },
    [TIMES_SLEEP] = { 2, 0, 1, 16, 8 },
    [TIMES_SLEEP_NARROW] = { 2, 0, 1, 8, 4 },
    [TIMES_FUTEX] = { 3, 0, 1, 16, 8 },
    [TIMES_FUTEX_NARROW] = { 3, 0, 1, 8, 4 },
    [TIMES_TIMER] = { 2, 16, 1, 16, 8 },
    [TIMES_TIMER_NARROW] = { 2, 8, 1, 8, 4 },
};

// The kernel reads the times itself, so they are corrected where they are. Once corrected they are left alone.
int correct_times(Call *call)
{
    char data[64];
    int kind = call->how->detail;
    int size = layouts[kind].first + layouts[kind].count * layouts[kind].step;
    uint64_t from = call->argument[layouts[kind].index];
    if (!from || fetch(call->thread, from, data, size) < size) return AS_IT_IS;
    for (int i = 0; i < layouts[kind].count; i++) {
        int at = layouts[kind].first + i * layouts[kind].step;
        int64_t seconds = layouts[kind].width == 4 ? *(int32_t *)(data + at) : *(int64_t *)(data + at);
        if (seconds < beginning + options.date) continue;
        seconds -= options.date;
        store(call->thread, from + at, &seconds, layouts[kind].width);
    }
    return AS_IT_IS;
}
