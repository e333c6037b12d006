/* pickle.c: see pickle.h. */
#include "model/pickle.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* The machine that a pickle is a program of. */
struct machine {
	struct arena *a;
	const unsigned char *start, *p, *end;
	struct pickle **stack; /* NULL: a mark */
	size_t n, cap;
	struct pickle **memo;
	size_t nmemo, memo_cap;
	size_t pushed, most;
	enum err failed;
	struct errinfo *ei;
	const struct pickle *result; /* STOP was met */
};

/* After the first failure the machine stands still. */
static void
fail(struct machine *m, enum err err, const char *what)
{
	if (m->failed == ERR_OK)
		m->failed = err_set(m->ei, err, "pickle byte %zu: %s",
		    (size_t)(m->p - m->start), what);
}

/* ---- bytes ---- */

static const unsigned char *
take(struct machine *m, uint64_t n)
{
	const unsigned char *p = m->p;

	if (n > (uint64_t)(m->end - m->p)) {
		fail(m, ERR_INPUT, "it ends early");
		return NULL;
	}
	m->p += n;
	return p;
}

/* A little-endian number of up to 8 bytes. */
static uint64_t
number(struct machine *m, unsigned n)
{
	const unsigned char *p = take(m, n);
	uint64_t v = 0;

	for (unsigned i = 0; p != NULL && i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* Two's complement, as many bytes as it has. */
static int64_t
signed_number(const unsigned char *p, size_t n)
{
	uint64_t v = n > 0 && (p[n - 1] & 0x80) != 0 ? UINT64_MAX : 0;

	for (size_t i = n; i-- > 0;)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static struct slice
counted(struct machine *m, unsigned digits)
{
	uint64_t n = number(m, digits);
	const unsigned char *p = take(m, n);

	return p != NULL ? (struct slice){(const char *)p, (size_t)n}
			 : (struct slice){"", 0};
}

static struct slice
line(struct machine *m)
{
	struct slice rest = {(const char *)m->p, (size_t)(m->end - m->p)};
	struct slice head;

	if (!slice_cut(&rest, '\n', &head)) {
		fail(m, ERR_INPUT, "it ends early");
		return (struct slice){"", 0};
	}
	m->p = (const unsigned char *)rest.p;
	return head;
}

/* ---- the stack ---- */

static void
push(struct machine *m, struct pickle *node)
{
	if (++m->pushed > m->most) {
		fail(m, ERR_TOO_BIG, "too many values");
		return;
	}
	m->stack = arena_grow(
	    m->a, m->stack, &m->cap, m->n + 1, sizeof(struct pickle *));
	m->stack[m->n++] = node;
}

static struct pickle *
new_node(struct machine *m, enum pickle_kind kind)
{
	struct pickle *node;

	if (m->failed != ERR_OK)
		return NULL;
	node = arena_zalloc(m->a, sizeof(*node));
	node->kind = kind;
	push(m, node);
	return node;
}

/* Are there n values on the stack, no mark among them? */
static bool
has(struct machine *m, size_t n)
{
	bool ok = m->n >= n;

	for (size_t i = 0; ok && i < n; i++)
		ok = m->stack[m->n - 1 - i] != NULL;
	if (!ok)
		fail(m, ERR_INPUT, "too few values are on the stack");
	return ok;
}

/* How many stand above the last mark; a failure without one. */
static size_t
above_mark(struct machine *m)
{
	size_t k = m->n;

	while (k > 0 && m->stack[k - 1] != NULL)
		k--;
	if (k == 0)
		fail(m, ERR_INPUT, "there is no mark");
	return m->n - k;
}

/* ---- containers ---- */

static void
deepen(struct machine *m, struct pickle *node, const struct pickle *item)
{
	if (item->depth < node->depth)
		return;
	node->depth = item->depth + 1;
	if (node->depth > PICKLE_DEPTH_MAX)
		fail(m, ERR_TOO_BIG, "nested too deep");
}

/* The topmost n of the stack become elements; what was opaque stays so. */
static void
add_items(struct machine *m, struct pickle *to, size_t n)
{
	struct pickle **from = m->stack + m->n - n;

	m->n -= n;
	if (to->kind == PICKLE_OPAQUE || to->kind == PICKLE_OBJECT)
		return;
	to->list.item = arena_grow(m->a, to->list.item, &to->list.cap,
	    to->list.n + n, sizeof(struct pickle *));
	for (size_t i = 0; i < n; i++) {
		to->list.item[to->list.n++] = from[i];
		deepen(m, to, from[i]);
	}
}

static bool
takes_items(const struct pickle *to, enum pickle_kind kind)
{
	/* A subclass of a list or dictionary. */
	return to->kind == kind || to->kind == PICKLE_OPAQUE ||
	       to->kind == PICKLE_OBJECT;
}

/* APPEND, SETITEM: n of the stack go into what is below them. */
static void
add_few(struct machine *m, enum pickle_kind kind, size_t n)
{
	struct pickle *to;

	if (!has(m, n + 1))
		return;
	to = m->stack[m->n - n - 1];
	if (takes_items(to, kind))
		add_items(m, to, n);
	else
		fail(m, ERR_INPUT, "no container for these values");
}

/* APPENDS, SETITEMS, ADDITEMS: all above the mark. */
static void
add_many(struct machine *m, enum pickle_kind kind, size_t multiple)
{
	size_t n = above_mark(m), below = m->n - n;
	struct pickle *to;

	if (m->failed != ERR_OK)
		return;
	to = below >= 2 ? m->stack[below - 2] : NULL;
	if (to == NULL || n % multiple != 0 || !takes_items(to, kind)) {
		fail(m, ERR_INPUT, "no container for these values");
		return;
	}
	add_items(m, to, n);
	m->n--; /* the mark */
}

/* TUPLE1 to TUPLE3 */
static void
make_tuple(struct machine *m, size_t n)
{
	struct pickle *list;

	if (!has(m, n))
		return;
	list = arena_zalloc(m->a, sizeof(*list));
	list->kind = PICKLE_LIST;
	add_items(m, list, n);
	push(m, list);
}

/* TUPLE, FROZENSET: all above the mark. */
static void
make_marked(struct machine *m)
{
	size_t n = above_mark(m);

	if (m->failed != ERR_OK)
		return;
	make_tuple(m, n);
	/* The mark is below the new value. */
	if (m->failed == ERR_OK) {
		m->stack[m->n - 2] = m->stack[m->n - 1];
		m->n--;
	}
}

/* ---- objects ---- */

static void
make_class(struct machine *m, struct slice module, struct slice name)
{
	struct pickle *node = new_node(m, PICKLE_CLASS);

	if (node != NULL)
		node->text = slice_of(arena_printf(m->a, "%.*s.%.*s",
		    (int)(module.n < 256 ? module.n : 256), module.p,
		    (int)(name.n < 256 ? name.n : 256), name.p));
}

static void
stack_global(struct machine *m)
{
	const struct pickle *module, *name;

	if (!has(m, 2))
		return;
	name = m->stack[m->n - 1];
	module = m->stack[m->n - 2];
	if (module->kind != PICKLE_TEXT || name->kind != PICKLE_TEXT) {
		fail(m, ERR_INPUT, "a class has no name");
		return;
	}
	m->n -= 2;
	make_class(m, module->text, name->text);
}

static void
global(struct machine *m)
{
	struct slice module = line(m), name = line(m);

	make_class(m, module, name);
}

/* NEWOBJ and REDUCE take a class, or what to call, and its arguments. */
static void
make_object(struct machine *m, enum pickle_kind kind)
{
	const struct pickle *type;
	struct pickle *node;

	if (!has(m, 2))
		return;
	type = m->stack[m->n - 2];
	if (type->kind != PICKLE_CLASS)
		kind = PICKLE_OPAQUE;
	m->n -= 2;
	node = new_node(m, kind);
	if (node != NULL && kind == PICKLE_OBJECT)
		node->object.type = type;
}

static void
build(struct machine *m)
{
	struct pickle *state, *object;

	if (!has(m, 2))
		return;
	state = m->stack[m->n - 1];
	object = m->stack[m->n - 2];
	m->n--;
	if (object->kind != PICKLE_OBJECT)
		return; /* nothing is known of it */
	object->object.state = state;
	deepen(m, object, state);
}

/* ---- the memo ---- */

static void
put(struct machine *m, uint64_t k)
{
	if (!has(m, 1))
		return;
	if (k >= m->most) {
		fail(m, ERR_TOO_BIG, "too many values are remembered");
		return;
	}
	m->memo = arena_grow(
	    m->a, m->memo, &m->memo_cap, k + 1, sizeof(struct pickle *));
	for (; m->nmemo <= k; m->nmemo++)
		m->memo[m->nmemo] = NULL;
	m->memo[k] = m->stack[m->n - 1];
}

static void
get(struct machine *m, uint64_t k)
{
	if (k >= m->nmemo || m->memo[k] == NULL)
		fail(m, ERR_INPUT, "nothing was remembered there");
	else
		push(m, m->memo[k]);
}

/* ---- scalars ---- */

static void
put_text(struct machine *m, enum pickle_kind kind, struct slice text)
{
	struct pickle *node = new_node(m, kind);

	if (node != NULL)
		node->text = text;
}

static void
put_integer(struct machine *m, enum pickle_kind kind, int64_t v)
{
	struct pickle *node = new_node(m, kind);

	if (node != NULL)
		node->integer = v;
}

/* LONG1: larger ones than anybody counts are opaque. */
static void
put_long(struct machine *m)
{
	struct slice s = counted(m, 1);

	if (s.n <= 8)
		put_integer(m, PICKLE_INTEGER,
		    signed_number((const unsigned char *)s.p, s.n));
	else
		new_node(m, PICKLE_OPAQUE);
}

/* Big-endian, unlike all else. */
static void
put_real(struct machine *m)
{
	const unsigned char *p = take(m, 8);
	struct pickle *node = new_node(m, PICKLE_REAL);
	uint64_t v = 0;

	for (unsigned i = 0; node != NULL && i < 8; i++)
		v = v << 8 | p[i];
	if (node != NULL)
		memcpy(&node->real, &v, sizeof(v));
}

/* ---- the opcodes ---- */

static void
stop(struct machine *m)
{
	if (has(m, 1))
		m->result = m->stack[m->n - 1];
}

static void
protocol(struct machine *m)
{
	uint64_t version = number(m, 1);

	if (version < 2 || version > 5)
		fail(m, ERR_INPUT, "a protocol that is not known");
}

/* What it announces must be there; where it ends doesn't matter. */
static void
frame(struct machine *m)
{
	uint64_t n = number(m, 8);

	if (n > (uint64_t)(m->end - m->p))
		fail(m, ERR_INPUT, "it ends early");
}

static bool
scalar(struct machine *m, unsigned char op)
{
	switch (op) {
	case 'N':
		new_node(m, PICKLE_NONE);
		return true;
	case 0x88: /* NEWTRUE */
	case 0x89: /* NEWFALSE */
		put_integer(m, PICKLE_BOOL, op == 0x88);
		return true;
	case 'J': /* BININT */
		put_integer(m, PICKLE_INTEGER, (int32_t)(uint32_t)number(m, 4));
		return true;
	case 'K': /* BININT1 */
	case 'M': /* BININT2 */
		put_integer(
		    m, PICKLE_INTEGER, (int64_t)number(m, op == 'K' ? 1 : 2));
		return true;
	case 0x8a: /* LONG1 */
		put_long(m);
		return true;
	case 'G': /* BINFLOAT */
		put_real(m);
		return true;
	case 0x8c: /* SHORT_BINUNICODE */
		put_text(m, PICKLE_TEXT, counted(m, 1));
		return true;
	case 'X': /* BINUNICODE */
		put_text(m, PICKLE_TEXT, counted(m, 4));
		return true;
	case 0x8d: /* BINUNICODE8 */
		put_text(m, PICKLE_TEXT, counted(m, 8));
		return true;
	case 'C': /* SHORT_BINBYTES */
	case 'B': /* BINBYTES */
		put_text(m, PICKLE_BYTES, counted(m, op == 'C' ? 1 : 4));
		return true;
	default:
		return false;
	}
}

static bool
container(struct machine *m, unsigned char op)
{
	switch (op) {
	case '(': /* MARK */
		push(m, NULL);
		return true;
	case ')':  /* EMPTY_TUPLE */
	case ']':  /* EMPTY_LIST */
	case 0x8f: /* EMPTY_SET */
		new_node(m, PICKLE_LIST);
		return true;
	case '}': /* EMPTY_DICT */
		new_node(m, PICKLE_DICT);
		return true;
	case 0x85: /* TUPLE1 */
	case 0x86: /* TUPLE2 */
	case 0x87: /* TUPLE3 */
		make_tuple(m, op - 0x84U);
		return true;
	case 't':  /* TUPLE */
	case 0x91: /* FROZENSET */
		make_marked(m);
		return true;
	case 'a': /* APPEND */
		add_few(m, PICKLE_LIST, 1);
		return true;
	case 's': /* SETITEM */
		add_few(m, PICKLE_DICT, 2);
		return true;
	case 'e':  /* APPENDS */
	case 0x90: /* ADDITEMS */
		add_many(m, PICKLE_LIST, 1);
		return true;
	case 'u': /* SETITEMS */
		add_many(m, PICKLE_DICT, 2);
		return true;
	default:
		return false;
	}
}

static bool
remembering(struct machine *m, unsigned char op)
{
	switch (op) {
	case 0x94: /* MEMOIZE */
		put(m, m->nmemo);
		return true;
	case 'q': /* BINPUT */
	case 'r': /* LONG_BINPUT */
		put(m, number(m, op == 'q' ? 1 : 4));
		return true;
	case 'h': /* BINGET */
	case 'j': /* LONG_BINGET */
		get(m, number(m, op == 'h' ? 1 : 4));
		return true;
	default:
		return false;
	}
}

static void
step(struct machine *m, unsigned char op)
{
	if (scalar(m, op) || container(m, op) || remembering(m, op))
		return;
	switch (op) {
	case 0x80: /* PROTO */
		protocol(m);
		break;
	case 0x95: /* FRAME */
		frame(m);
		break;
	case 'c': /* GLOBAL */
		global(m);
		break;
	case 0x93: /* STACK_GLOBAL */
		stack_global(m);
		break;
	case 0x81: /* NEWOBJ */
		make_object(m, PICKLE_OBJECT);
		break;
	case 'R': /* REDUCE: nothing is called */
		make_object(m, PICKLE_OPAQUE);
		break;
	case 'b': /* BUILD */
		build(m);
		break;
	case '0': /* POP, of a mark as well */
		if (m->n == 0)
			fail(m, ERR_INPUT, "nothing is on the stack");
		else
			m->n--;
		break;
	case '.': /* STOP */
		stop(m);
		break;
	default:
		fail(m, ERR_INPUT, "an opcode that is not known");
		break;
	}
}

enum err
pickle_read(struct arena *a, struct slice bytes, size_t nodes,
    const struct pickle **out, struct errinfo *ei)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	struct machine m = {.a = a,
	    .start = p,
	    .p = p,
	    .end = p + bytes.n,
	    .most = nodes,
	    .ei = ei};

	while (m.result == NULL && m.failed == ERR_OK) {
		const unsigned char *op = take(&m, 1);
		if (op != NULL)
			step(&m, *op);
	}
	*out = m.result;
	return m.failed;
}

/* ---- asking ---- */

const struct pickle *
pickle_get(const struct pickle *p, const char *name)
{
	const struct pickle *found = NULL;

	if (p != NULL && p->kind == PICKLE_OBJECT)
		p = p->object.state;
	if (p == NULL || p->kind != PICKLE_DICT)
		return NULL;
	for (size_t i = 0; i + 1 < p->list.n; i += 2) {
		const struct pickle *key = p->list.item[i];
		if (key->kind == PICKLE_TEXT && slice_is(key->text, name))
			found = p->list.item[i + 1];
	}
	return found;
}

struct slice
pickle_text(const struct pickle *p)
{
	return p != NULL && p->kind == PICKLE_TEXT ? p->text
						   : (struct slice){"", 0};
}

int64_t
pickle_integer(const struct pickle *p, int64_t otherwise)
{
	return p != NULL &&
		       (p->kind == PICKLE_INTEGER || p->kind == PICKLE_BOOL)
		   ? p->integer
		   : otherwise;
}

double
pickle_real(const struct pickle *p)
{
	if (p != NULL && p->kind == PICKLE_INTEGER)
		return (double)p->integer;
	return p != NULL && p->kind == PICKLE_REAL ? p->real : NAN;
}

size_t
pickle_count(const struct pickle *p)
{
	return p != NULL && p->kind == PICKLE_LIST ? p->list.n : 0;
}

const struct pickle *
pickle_item(const struct pickle *p, size_t i)
{
	return p->list.item[i];
}
