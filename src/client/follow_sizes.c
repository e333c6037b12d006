/* follow_sizes.c: how large what a task made is; see follow.h. */
#include <dirent.h>
#include <elf.h>
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "client/follow.h"
#include "json/jobj.h"

#define SECTIONS_MAX 4096
#define NAMES_MAX ((size_t)1 << 20)
#define DEPTH_MAX 32
#define TEXT_MAX ((size_t)1 << 20)

/* A program as its header describes it, of any class and byte order. */
struct elf {
	int fd;
	bool wide, big;
	uint64_t sections; /* offset */
	unsigned size, n, names;
};

static uint64_t
number(const struct elf *e, const unsigned char *p, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | p[e->big ? i : bytes - 1 - i];
	return v;
}

static bool
elf_open(int fd, struct elf *e)
{
	unsigned char h[sizeof(Elf64_Ehdr)];

	*e = (struct elf){.fd = fd};
	if (pread(fd, h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    memcmp(h, ELFMAG, SELFMAG) != 0)
		return false;
	e->wide = h[EI_CLASS] == ELFCLASS64;
	e->big = h[EI_DATA] == ELFDATA2MSB;
	if (e->wide) {
		e->sections = number(e, h + offsetof(Elf64_Ehdr, e_shoff), 8);
		e->size = sizeof(Elf64_Shdr);
		e->n =
		    (unsigned)number(e, h + offsetof(Elf64_Ehdr, e_shnum), 2);
		e->names = (unsigned)number(
		    e, h + offsetof(Elf64_Ehdr, e_shstrndx), 2);
	} else {
		e->sections = number(e, h + offsetof(Elf32_Ehdr, e_shoff), 4);
		e->size = sizeof(Elf32_Shdr);
		e->n =
		    (unsigned)number(e, h + offsetof(Elf32_Ehdr, e_shnum), 2);
		e->names = (unsigned)number(
		    e, h + offsetof(Elf32_Ehdr, e_shstrndx), 2);
	}
	return e->n > 0 && e->n <= SECTIONS_MAX && e->names < e->n &&
	       e->sections < (uint64_t)1 << 40;
}

/* name, offset in the file and size of a section header */
static void
section(const struct elf *e, const unsigned char *p, uint64_t out[3])
{
	out[0] = number(e, p, 4);
	if (e->wide) {
		out[1] = number(e, p + offsetof(Elf64_Shdr, sh_offset), 8);
		out[2] = number(e, p + offsetof(Elf64_Shdr, sh_size), 8);
	} else {
		out[1] = number(e, p + offsetof(Elf32_Shdr, sh_offset), 4);
		out[2] = number(e, p + offsetof(Elf32_Shdr, sh_size), 4);
	}
}

static bool
read_at(int fd, void *into, size_t n, uint64_t at)
{
	return pread(fd, into, n, (off_t)at) == (ssize_t)n;
}

static void
add_sections(
    struct arena *a, const struct elf *e, const char *prefix, struct buf *out)
{
	static const char *const wanted[] = {
	    ".text", ".data", ".bss", ".rodata"};
	unsigned char *headers = arena_alloc(a, (size_t)e->n * e->size);
	uint64_t names[3], s[3];
	char *text;

	if (!read_at(e->fd, headers, (size_t)e->n * e->size, e->sections))
		return;
	section(e, headers + (size_t)e->names * e->size, names);
	if (names[2] == 0 || names[2] > NAMES_MAX)
		return;
	text = arena_zalloc(a, names[2] + 1);
	if (!read_at(e->fd, text, names[2], names[1]))
		return;
	for (unsigned i = 1; i < e->n; i++) {
		section(e, headers + (size_t)i * e->size, s);
		for (size_t k = 0; k < 4; k++)
			if (s[0] < names[2] && s[2] > 0 &&
			    strcmp(text + s[0], wanted[k]) == 0)
				buf_addf(out, "%s %s %" PRIu64 "\n", prefix,
				    wanted[k] + 1, s[2]);
	}
}

struct walk {
	struct arena *a;
	const char *package;
	struct buf *out;
	int64_t bytes;
};

/* Lines hold no blanks in names. */
static void
add_program(struct walk *w, const char *path, const char *below)
{
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct elf e;

	if (fd >= 0 && strpbrk(below, " \t\n") == NULL && elf_open(fd, &e))
		add_sections(w->a, &e,
		    arena_printf(w->a, "%s %s", w->package, below), w->out);
}

static void
walk_programs(struct walk *w, const char *dir, const char *below, int depth)
{
	struct dir_list list;

	if (depth == 0 || dir_read(w->a, dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n && w->out->len < TEXT_MAX; i++) {
		const struct dir_entry *e = &list.entry[i];
		const char *path = arena_printf(w->a, "%s/%s", below, e->name);
		if (e->link)
			continue;
		if (S_ISDIR(e->st.st_mode) && strcmp(e->name, ".debug") != 0)
			walk_programs(w, e->path, path, depth - 1);
		else if (S_ISREG(e->st.st_mode))
			add_program(w, e->path, path);
	}
}

static bool
is_for_debugging(const char *package)
{
	struct slice s = slice_of(package);

	return slice_ends(s, "-dbg") || slice_ends(s, "-src");
}

/* split: packages-split of a recipe, a directory a package. */
void
follow_elf(struct follow *f, const char *split, struct buf *out)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct walk w = {.a = f->scratch, .out = &text};
	struct dir_list list;

	if (split[0] != '/' ||
	    dir_read(f->scratch, split, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		w.package = e->name;
		if (!e->link && S_ISDIR(e->st.st_mode) &&
		    !is_for_debugging(e->name))
			walk_programs(&w, e->path, "", DEPTH_MAX);
	}
	if (text.len == 0 || text.failed)
		return;
	follow_line(out, (double)f->started, "file");
	buf_addf(out,
	    ",\"path\":\"elf-sizes\",\"offset\":%" PRId64 ",\"text\":",
	    f->elf_bytes);
	buf_add_json(out, text.data);
	buf_adds(out, "}\n");
	f->elf_bytes += (int64_t)text.len;
}

/* ---- sizes of packages and images, as buildhistory would say them ---- */

static void
add_history(
    struct follow *f, const char *path, const char *text, struct buf *out)
{
	follow_line(out, f->started, "file");
	buf_adds(out, ",\"beside\":true,\"path\":");
	buf_add_json(out, path);
	buf_adds(out, ",\"offset\":0,\"text\":");
	buf_add_json(out, text);
	buf_adds(out, "}\n");
}

/* "PKGSIZE:zlib: 123456", before 2021 "PKGSIZE_zlib: 123456" */
static bool
package_size(struct slice text, int64_t *size)
{
	struct slice line, number;

	while (slice_line(&text, &line)) {
		const char *blank = memrchr(line.p, ' ', line.n);
		if (!slice_starts(line, "PKGSIZE") || blank == NULL)
			continue;
		number = (struct slice){
		    blank + 1, (size_t)(line.p + line.n - (blank + 1))};
		return str_to_i64(number.p, number.n, size) && *size >= 0;
	}
	return false;
}

/* PE, PV and PR of a PF, as buildhistory's files have them. */
static const char *
version_lines(struct arena *a, const char *pf, const char *recipe)
{
	size_t n = strlen(recipe), epoch;
	const char *v = "", *revision;

	if (strncmp(pf, recipe, n) == 0 && pf[n] == '-')
		v = pf + n + 1;
	revision = strrchr(v, '-');
	epoch = strspn(v, "0123456789");
	if (revision == NULL)
		return "";
	if (epoch == 0 || v[epoch] != '_')
		return arena_printf(a, "PV = %.*s\nPR = %s\n",
		    (int)(revision - v), v, revision + 1);
	return arena_printf(a, "PE = %.*s\nPV = %.*s\nPR = %s\n", (int)epoch, v,
	    (int)(revision - v - (long)epoch - 1), v + epoch + 1, revision + 1);
}

void
follow_packages(struct follow *f, const struct jobj *j, struct buf *out)
{
	const char *data = jobj_text(j, "pkgdata");
	const char *pf = jobj_text(j, "pf"), *recipe = jobj_text(j, "recipe");
	struct dir_list list;
	struct slice text;
	int64_t size;

	if (data[0] != '/' ||
	    dir_read(f->scratch, arena_printf(f->scratch, "%s/runtime", data),
		&list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (e->link || !S_ISREG(e->st.st_mode) ||
		    file_read(f->scratch, e->path, TEXT_MAX, &text, NULL) !=
			ERR_OK ||
		    !package_size(text, &size))
			continue;
		add_history(f,
		    arena_printf(f->scratch,
			"buildhistory/packages/%s/%s/%s/latest",
			jobj_text(j, "arch"), recipe, e->name),
		    arena_printf(f->scratch,
			"%sPKG = %s\nPKGSIZE = %" PRId64 "\n",
			version_lines(f->scratch, pf, recipe), e->name, size),
		    out);
	}
}

static int64_t
disk_usage(struct arena *a, const char *dir, int depth)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	struct stat st;
	int64_t sum = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0 ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		sum += (int64_t)st.st_blocks * 512;
		if (S_ISDIR(st.st_mode) && depth > 0)
			sum += disk_usage(a,
			    arena_printf(a, "%s/%s", dir, e->d_name),
			    depth - 1);
	}
	if (d != NULL)
		closedir(d);
	return sum;
}

/* Of an image's files, without what the file system leaves free. */
void
follow_image(struct follow *f, const struct jobj *j, struct buf *out)
{
	const char *rootfs = jobj_text(j, "rootfs");

	if (rootfs[0] != '/' || access(rootfs, R_OK) != 0)
		return;
	add_history(f,
	    arena_printf(f->scratch, "buildhistory/images/%s/image-info.txt",
		jobj_text(j, "image")),
	    arena_printf(f->scratch, "IMAGESIZE = %" PRId64 "\n",
		disk_usage(f->scratch, rootfs, DEPTH_MAX) / 1024),
	    out);
}
