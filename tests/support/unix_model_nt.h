/* Between the parts of the model of AF_UNIX. */
#ifndef SUPPORT_UNIX_MODEL_NT_H
#define SUPPORT_UNIX_MODEL_NT_H

#include <stdint.h>

#include "nt/calls_nt.h"

#define MODEL_PATH 108

extern struct nt_calls model_real_nt;

/* The port of a node's socket, 0: it is no node. */
uint16_t model_node_port(HANDLE);

/*
 * Make a node, or look at one: 0 or Winsock's code.  index: the file's number,
 * which tells nodes of one port apart.
 */
int model_node_make(const char *path, uint16_t port, int64_t *index);
int model_node_read(const char *path, uint16_t *port, int64_t *index);

/* Let the library's NT show nodes as NT does. */
void model_hook_nodes(void);

#endif
