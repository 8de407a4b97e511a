/*
 * A model of NT's own AF_UNIX (Windows 10 build 17063 and later), which no
 * Wine has, so that the library's road over it runs in tests.  Whoever is
 * linked with it (-Wl,-u,unix_model_start) and has COMPAT_TEST_AFUNIX in the
 * environment gets it, in all processes alike: "told" where accept() tells the
 * name that a client was bound to, "untold" where it does not.
 *
 * It replaces calls of the library's tables (nt/calls_nt.h).  Below are TCP
 * sockets of the loopback, which AFD polls; a node is an empty file whose time
 * of last writing is a mark and the port, and which looks like a reparse point
 * to who asks the library's NT.
 *
 *   * socket(): streams only, else WSAEAFNOSUPPORT (10047).
 *   * bind() makes the node; what is there already, WSAEADDRINUSE (10048); no
 *     such directory, WSAENETDOWN (10050); a socket that is bound, 10022.
 *   * connect(): nobody there, or a full backlog, WSAECONNREFUSED (10061); no
 *     such directory, 10050; otherwise WSAEWOULDBLOCK, and soon connected.
 *   * Names are UTF-8, of 107 bytes at most, given back as they were bound; of
 *     an unbound client the empty one.
 *   * SIO_AF_UNIX_GETPEERPID is the process that made the other socket.
 *   * SO_REUSEADDR, options of TCP and MSG_OOB are errors.
 *   * The node has the attributes 0x420 and the tag 0x80000023, cannot be
 *     opened but as a reparse point (1920), and can be deleted at any time.
 *
 * Sources: "AF_UNIX comes to Windows" (Microsoft's blog), the tests of .NET
 * (UnixDomainSocketTest.cs) and of Go (unixsock_windows_test.go), and public
 * reports.  So it is what documents say, and no proof of what NT does.
 */
#ifndef SUPPORT_UNIX_MODEL_H
#define SUPPORT_UNIX_MODEL_H

/** unix_model_start(): begin, if the environment says so. */
void unix_model_start(void);

#endif
