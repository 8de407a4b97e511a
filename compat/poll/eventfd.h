/* Eventfds from the parent. */
#ifndef POLL_EVENTFD_H
#define POLL_EVENTFD_H

struct file;
struct hand_record;

int eventfd_take(struct hand_record *, struct file **);

#endif
