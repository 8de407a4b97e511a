/*
 * raw_peer ADDRESS COMMAND...: a client, or a server, that speaks the frame by
 * hand, and ill when it is told to.  It knows nothing of the reactor, so it
 * also checks that what goes over the wire is what the manual says.
 *
 *	listen			first of all: be the server; print the address
 *				as reactor-serve does, wait for a client
 *	welcome			take the HelloRequest and answer it
 *	take			take Requests up to the last one of a file
 *	reply TEXT		answer what was taken; %0d%0a ends a line
 *
 *	bye			wait for the ByeRequest and answer it
 *
 *	hello			shake hands as a client
 *	first ID NAME SIZE LEN more|last
 *				first part of a file, LEN times x; %41 in NAME
 *				is the byte 0x41
 *	next ID LEN more|last	another part
 *	last ID SIZE LEN	last part, that says the size
 *	answer ID		wait for the Response, print its text headers
 *	bytes HEX		send these bytes
 *	garbage N		send N bytes that look like noise
 *	pause			wait for the end of standard input
 *	closed			wait until the server closes the connection
 *
 * Ends with 0 when all went as told; closes the connection by its end.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE	20000	/* ms */
#define HEAD		16
#define MORE		0x20

enum { REQUEST, RESPONSE, SIGNAL, HELLO_REQUEST, HELLO_RESPONSE, BYE_REQUEST,
    BYE_RESPONSE };

struct frame {
	unsigned channel, proto, status, text_len, body_len;
	uint64_t id;
	char text[65536];
	char body[65536];
};

static int fd;

static void
fail(const char *what)
{
	(void)fprintf(stderr, "raw_peer: %s\n", what);
	exit(1);
}

static void
fail_errno(const char *what)
{
	(void)fprintf(stderr, "raw_peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Take the next argument. */
static char *
next(char ***argp)
{
	if (**argp == NULL)
		fail("an argument is missing");
	return *(*argp)++;
}

static unsigned long long
next_number(char ***argp)
{
	return strtoull(next(argp), NULL, 0);
}

static void
connect_tcp(char *host)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	char *port = strchr(host, '|');

	if (port == NULL)
		fail("no port");
	*port++ = '\0';
	sin.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	if (inet_pton(AF_INET, host, &sin.sin_addr) != 1)
		fail("no address");
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0)
		fail_errno("connect");
}

static void
connect_uds(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(un.sun_path))
		fail("path too long");
	memcpy(un.sun_path, path, strlen(path));
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    connect(fd, (struct sockaddr *)&un, sizeof(un)) != 0)
		fail_errno("connect");
}

/* Wait until fd is ready to be read, not longer than patience allows. */
static void
wait_for_input(void)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n;

	if ((n = poll(&pfd, 1, PATIENCE)) < 0)
		fail_errno("poll");
	if (n == 0)
		fail("the other side is silent");
}

static void
listen_tcp(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int client;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0 ||
	    listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) != 0)
		fail_errno("listen");
	(void)printf("listening tcp|127.0.0.1|%u\n", ntohs(sin.sin_port));
	(void)fflush(stdout);
	wait_for_input();
	if ((client = accept(fd, NULL, NULL)) == -1)
		fail_errno("accept");
	(void)close(fd);
	fd = client;
}

static void
put(const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		if ((n = send(fd, p, len, MSG_NOSIGNAL)) < 0)
			fail_errno("send");
		p += n;
		len -= (size_t)n;
	}
}

static ssize_t
get_some(void *data, size_t len)
{
	wait_for_input();
	return recv(fd, data, len, 0);
}

static void
get(void *data, size_t len)
{
	char *p = data;
	ssize_t n;

	while (len > 0) {
		if ((n = get_some(p, len)) < 0)
			fail_errno("recv");
		if (n == 0)
			fail("the other side has closed the connection");
		p += n;
		len -= (size_t)n;
	}
}

static void
put_frame(unsigned proto, uint64_t id, const char *text, size_t text_len,
    size_t body_len)
{
	static unsigned char frame[HEAD + 2 * 65535];
	int i;

	if (text_len > 65535 || body_len > 65535)
		fail("part too long");
	memset(frame, 0, HEAD);
	frame[2] = (unsigned char)proto;
	for (i = 0; i < 8; i++)
		frame[4 + i] = (unsigned char)(id >> (56 - 8 * i));
	frame[12] = (unsigned char)(text_len >> 8);
	frame[13] = (unsigned char)text_len;
	frame[14] = (unsigned char)(body_len >> 8);
	frame[15] = (unsigned char)body_len;
	memcpy(frame + HEAD, text, text_len);
	memset(frame + HEAD + text_len, 'x', body_len);
	/* At once: the server may hang up on seeing the head. */
	put(frame, HEAD + text_len + body_len);
}

static void
get_frame(struct frame *f)
{
	unsigned char head[HEAD];
	int i;

	get(head, sizeof(head));
	f->channel = (unsigned)head[0] << 8 | head[1];
	f->proto = head[2];
	f->status = head[3];
	for (f->id = 0, i = 0; i < 8; i++)
		f->id = f->id << 8 | head[4 + i];
	f->text_len = (unsigned)head[12] << 8 | head[13];
	f->body_len = (unsigned)head[14] << 8 | head[15];
	get(f->text, f->text_len);
	f->text[f->text_len] = '\0';
	get(f->body, f->body_len);
}

static void
hello(struct frame *f, const char *address)
{
	char text[512];
	int len;

	len = snprintf(text, sizeof(text), "~connect_to:%s\r\n", address);
	put_frame(HELLO_REQUEST, 1, text, (size_t)len, 0);
	get_frame(f);
	if ((f->proto & 0xf) != HELLO_RESPONSE || f->id != 1)
		fail("no HelloResponse");
}

static void
welcome(struct frame *f)
{
	get_frame(f);
	if (f->proto != HELLO_REQUEST || f->id == 0)
		fail("no HelloRequest");
	put_frame(HELLO_RESPONSE, f->id, "", 0, 0);
}

static void
take(struct frame *f)
{
	do {
		get_frame(f);
		if ((f->proto & ~MORE) != REQUEST)
			fail("no Request");
	} while ((f->proto & MORE) != 0);
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *p = NULL;

	if (c == '\0' || (p = strchr(digits, c)) == NULL)
		fail("not a small hexadecimal digit");
	return (int)(p - digits);
}

/* Append name with its escapes replaced. */
static size_t
append_name(char *to, const char *name)
{
	char *p = to;

	for (; *name != '\0'; name++) {
		if (*name != '%') {
			*p++ = *name;
			continue;
		}
		*p++ = (char)(hex_digit(name[1]) << 4 | hex_digit(name[2]));
		name += 2;
	}
	return (size_t)(p - to);
}

static void
first(char ***argp)
{
	static char text[65536];
	uint64_t id = next_number(argp);
	const char *name = next(argp), *size = next(argp);
	size_t len, body_len;

	if (strlen(name) + strlen(size) > sizeof(text) - 32)
		fail("name too long");
	memcpy(text, "name:", 5);
	len = 5 + append_name(text + 5, name);
	len += (size_t)snprintf(text + len, sizeof(text) - len,
	    "\r\nsize:%s\r\n", size);
	body_len = next_number(argp);
	put_frame(REQUEST | (strcmp(next(argp), "more") == 0 ? MORE : 0), id,
	    text, len, body_len);
}

static void
part(char ***argp)
{
	uint64_t id = next_number(argp);
	size_t len = next_number(argp);

	put_frame(REQUEST | (strcmp(next(argp), "more") == 0 ? MORE : 0), id,
	    "", 0, len);
}

static void
last(char ***argp)
{
	uint64_t id = next_number(argp);
	char text[64];
	int n = snprintf(text, sizeof(text), "size:%s", next(argp));

	/* The last CRLF is optional. */
	put_frame(REQUEST, id, text, (size_t)n, next_number(argp));
}

static void
reply(const struct frame *f, const char *what)
{
	static char text[1024];

	if (strlen(what) > sizeof(text))
		fail("text too long");
	put_frame(RESPONSE, f->id, text, append_name(text, what), 0);
}

static void
bye(struct frame *f)
{
	get_frame(f);
	if (f->proto != BYE_REQUEST)
		fail("no ByeRequest");
	put_frame(BYE_RESPONSE, f->id, "", 0, 0);
}

static void
answer(struct frame *f, uint64_t id)
{
	do
		get_frame(f);
	while (f->id != id);
	if (f->proto != RESPONSE)
		fail("not a Response");
	if (f->body_len != 0)
		fail("a Response with a body");
	(void)printf("%s", f->text);
	(void)fflush(stdout);
}

static void
bytes(const char *hex)
{
	unsigned char byte;

	for (; *hex != '\0'; hex += 2) {
		byte = (unsigned char)(hex_digit(hex[0]) << 4 |
		    hex_digit(hex[1]));
		put(&byte, 1);
	}
}

/* The server may hang up in the middle of it: that is no fault here. */
static void
garbage(size_t len)
{
	uint32_t noise = 0x2545f491;
	unsigned char byte;

	for (; len > 0; len--) {
		noise ^= noise << 13;
		noise ^= noise >> 17;
		noise ^= noise << 5;
		byte = (unsigned char)noise;
		if (send(fd, &byte, 1, MSG_NOSIGNAL) < 0)
			return;
	}
}

static void
closed(void)
{
	char buf[4096];

	while (get_some(buf, sizeof(buf)) > 0)
		;
}

static void
pause_here(void)
{
	char c;

	(void)printf("pause\n");
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
}

/* Do what the next argument tells. */
static void
command(char ***argp, const char *address)
{
	static struct frame f;
	const char *what = next(argp);

	if (strcmp(what, "hello") == 0)
		hello(&f, address);
	else if (strcmp(what, "welcome") == 0)
		welcome(&f);
	else if (strcmp(what, "take") == 0)
		take(&f);
	else if (strcmp(what, "reply") == 0)
		reply(&f, next(argp));
	else if (strcmp(what, "bye") == 0)
		bye(&f);
	else if (strcmp(what, "first") == 0)
		first(argp);
	else if (strcmp(what, "next") == 0)
		part(argp);
	else if (strcmp(what, "last") == 0)
		last(argp);
	else if (strcmp(what, "answer") == 0)
		answer(&f, next_number(argp));
	else if (strcmp(what, "bytes") == 0)
		bytes(next(argp));
	else if (strcmp(what, "garbage") == 0)
		garbage(next_number(argp));
	else if (strcmp(what, "pause") == 0)
		pause_here();
	else if (strcmp(what, "closed") == 0)
		closed();
	else
		fail("no such command");
}

int
main(int argc, char **argv)
{
	char **arg = argv + 1, *address, *copy;

	if (argc < 2 || (copy = strdup(argv[1])) == NULL)
		fail("raw_peer ADDRESS COMMAND...");
	address = next(&arg);
	if (*arg != NULL && strcmp(*arg, "listen") == 0) {
		arg++;
		listen_tcp();
	} else if (strncmp(copy, "tcp|", 4) == 0)
		connect_tcp(copy + 4);
	else if (strncmp(copy, "uds|", 4) == 0)
		connect_uds(copy + 4);
	else
		fail("neither tcp| nor uds|");

	while (*arg != NULL)
		command(&arg, address);
	free(copy);
	return 0;
}
