/*
 * replay.c: runs a fuzz target over files instead of libFuzzer: those given,
 * or, as a test, all of tests/fuzz/corpus/NAME when called replay_NAME.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
	struct buf b = BUF_INIT;
	char piece[8192];
	size_t n;
	uint8_t *copy;
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		perror(path);
		return 1;
	}
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	/* Exactly as long as the input: a read beyond it is found. */
	copy = malloc(b.len + (b.len == 0));
	if (copy == NULL)
		abort();
	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	LLVMFuzzerTestOneInput(copy, b.len);
	free(copy);
	buf_clear(&b);
	return 0;
}

static int
replay_directory(const char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	char path[4096];
	int n = 0, failed = 0;

	if (d == NULL) {
		perror(dir);
		return 1;
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		failed |= replay(path);
		n++;
	}
	closedir(d);
	printf("%d inputs of %s\n", n, dir);
	return failed || n == 0;
}

int
main(int argc, char **argv)
{
	const char *src = getenv("srcdir");
	const char *name = strrchr(argv[0], '_');
	char dir[2048];
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	if (argc > 1 || name == NULL)
		return failed;
	snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s",
	    src != NULL ? src : ".", name + 1);
	return replay_directory(dir);
}
