/* This host's interfaces by NT. */
#ifndef SOCKET_IFACE_NT_H
#define SOCKET_IFACE_NT_H

#define NT_IF_NAME 256		/* IF_NAMESIZE */

struct nt_if_addr {
	struct nt_if_addr *next;
	int len;
	int prefix;		/* bits of the network */
	unsigned char addr[128];
};

struct nt_if {
	struct nt_if *next;
	unsigned int index;
	int up, loopback, pointopoint, multicast;
	char name[NT_IF_NAME];
	struct nt_if_addr *addrs;
};

/* 0 or an errno; the list may be empty. */
int nt_if_list(struct nt_if **);
void nt_if_free(struct nt_if *);

/* 0 when there is none. */
unsigned int nt_if_index(const char *name);

/* name has NT_IF_NAME bytes. */
int nt_if_name(unsigned int index, char *name);

#endif
