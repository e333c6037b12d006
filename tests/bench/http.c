/* http.c: see http.h. */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

int
http_connect(unsigned port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
http_send_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static void
read_head(struct http_answer *a)
{
	char *end = memmem(a->raw.data, a->raw.len, "\r\n\r\n", 4), *line;

	if (!end)
		return;
	a->body = (size_t)(end - a->raw.data) + 4;
	a->length = SIZE_MAX;
	a->status = atoi(a->raw.data + sizeof("HTTP/1.1"));
	line = strcasestr(a->raw.data, "\r\nContent-Length:");
	a->closing = strcasestr(a->raw.data, "\r\nConnection: close") != NULL;
	if (line && line < end)
		a->length = strtoul(line + 17, NULL, 10);
}

static bool
complete(const struct http_answer *a)
{
	static const char last[] = "0\r\n\r\n";
	size_t n = a->raw.len - a->body;

	if (a->body == 0)
		return false;
	if (a->length != SIZE_MAX)
		return n >= a->length;
	return n >= 5 && memcmp(a->raw.data + a->raw.len - 5, last, 5) == 0;
}

int
http_answer_read(struct http_answer *a, int fd)
{
	ssize_t n;

	buf_reserve(&a->raw, 65536);
	if (a->raw.failed)
		return -1;
	n = recv(fd, a->raw.data + a->raw.len, 65535, 0);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return -1;
	a->raw.len += (size_t)n;
	a->raw.data[a->raw.len] = '\0';
	if (a->body == 0)
		read_head(a);
	return complete(a);
}

void
http_answer_next(struct http_answer *a)
{
	a->raw.len = 0;
	a->body = 0;
	a->status = 0;
	a->closing = false;
}
