/* Timerfds from the parent. */
#ifndef TIME_TIMERFD_H
#define TIME_TIMERFD_H

struct file;
struct hand_record;

int timerfd_take(struct hand_record *, struct file **);

#endif
