/* test_mask.c: what is taken out of logs, and what isn't.  Every secret here
 * is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "model/mask.h"

#define LETTERS36 "abcdefghijklmnopqrstuvwxyz0123456789"

static void
becomes(unsigned rules, const char *line, const char *wanted, size_t places)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = rules};
	struct mask_hit hits[4];
	size_t n = mask_line(&m, slice_of(line), &out, hits, 4);

	buf_addc(&out, '\0');
	if (strcmp(out.data, wanted) != 0)
		fail_msg("\"%s\" becomes \"%s\"", line, out.data);
	assert_int_equal(n, places);
	for (size_t i = 0; i < n && i < 4; i++) {
		assert_int_not_equal(hits[i].rule & rules, 0);
		assert_true(strlen(hits[i].preview) <= 80);
	}
}

static void
credentials_go(void **state)
{
	static const char *const list[][2] = {
	    {"fatal: unable to access 'https://joe:pw@git.example.org/x.git/'",
		"fatal: unable to access 'https://***@git.example.org/x.git/'"},
	    {"https://s3cret@github.com/x", "https://***@github.com/x"},
	    {"git://joe:p@ss@host/x;protocol=https",
		"git://***@host/x;protocol=https"},
	    {"curl -H 'Authorization: Bearer x' y",
		"curl -H 'Authorization: Bearer ***' y"},
	    {"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"},
	    {"> authorization: token abc", "> authorization: token ***"},
	    {"\"Authorization\": \"Digest user=\\\"x\\\"\"",
		"\"Authorization\": \"Digest ***\\\"x\\\"\""},
	    {"PRIVATE-TOKEN: abcdefgh12", "PRIVATE-TOKEN: ***"},
	    {"using ghp_" LETTERS36 " now", "using *** now"},
	    {"github_pat_11ABCDEFG0_" LETTERS36, "***"},
	    {"glpat-abcdefghij_klmno-12", "***"},
	    {"xoxb-123456789012-abcdef", "***"},
	    {"key AKIAIOSFODNN7EXAMPLE.", "key ***."},
	    {"GITHUB_TOKEN=abc123", "GITHUB_TOKEN=***"},
	    {"+ export DB_PASSWORD='a b c'", "+ export DB_PASSWORD='***'"},
	    {"AWS_SECRET_ACCESS_KEY=wJalr/XUtn+FEMI", //
		"AWS_SECRET_ACCESS_KEY=***"},
	    {"AWS_SECRET_EXAMPLE = \"s3cr3t\"", "AWS_SECRET_EXAMPLE = \"***\""},
	    {"BB_TOKEN ?= \"s3cr3t\"", "BB_TOKEN ?= \"***\""},
	    {"{\"client_secret\": \"abc\", \"x\": 1}",
		"{\"client_secret\": \"***\", \"x\": 1}"},
	    {"GET /x?access_token=abcdef&y=1", "GET /x?access_token=***&y=1"},
	    {"mysql --password=hunter x", "mysql --password=*** x"},
	    {"svn://h/x;user=joe;pswd=abc;rev=1",
		"svn://h/x;user=joe;pswd=***;rev=1"},
	    {"gcc -DTOKEN=abc123 -c x.c", "gcc -DTOKEN=*** -c x.c"},
	    {"//registry.npmjs.org/:_authToken=abc-1234-def",
		"//registry.npmjs.org/:_authToken=***"},
	    {"-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----",
		"-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE "
		"KEY-----"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		becomes(MASK_CREDENTIALS, list[i][0], list[i][1], 1);
	becomes(MASK_CREDENTIALS, "A_TOKEN=aa B_TOKEN=bb https://u:p@h/",
	    "A_TOKEN=*** B_TOKEN=*** https://***@h/", 3);
}

static void
what_is_no_credential_stays(void **state)
{
	static const char *const list[] = {
	    "",
	    "git@github.com:x/y.git",
	    "ssh://git@github.com/x/y.git",
	    "https://example.org/a@b",
	    "https://${USER}:${PASSWORD}@example.org/",
	    "https://***@example.org/",
	    "write to joe@example.org",
	    "undefined reference to `memcpy@GLIBC_2.14'",
	    "x.c:1:2: error: expected token: ';'",
	    "syntax error, unexpected token",
	    "   12 |   token = strtok(s, \",\");",
	    "   12 |   token=strtok(s);",
	    "   12 |   if (password == NULL)",
	    "TOKENS=4096",
	    "MAX_TOKENS=4096",
	    "-Dlibsecret=enabled",
	    "LIBSECRET_LIBS=-lsecret-1",
	    "WITH_SECRET=yes",
	    "CONFIG_CRYPTO_SECRET=y",
	    "FOO_TOKEN=$BAR",
	    "FOO_TOKEN=",
	    "FOO_TOKEN=\"\"",
	    "FOO_PASSWORD=%s",
	    "FOO_SECRET_FILE=/run/x",
	    "ghp_short",
	    ("xghp_" LETTERS36),
	    "AKIAtoolower",
	    "authorization failed",
	    "Authorization: none",
	    "-----BEGIN CERTIFICATE-----",
	    "checking for secret/service.h... yes",
	    "  CC  token.o",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		becomes(MASK_CREDENTIALS, list[i], list[i], 0);
	becomes(0, "A_TOKEN=aa https://u:p@h/", "A_TOKEN=aa https://u:p@h/", 0);
}

static void
other_rules(void **state)
{
	(void)state;
	becomes(MASK_EMAILS, "by Joe <joe.doe@mail.example.org>.",
	    "by Joe <***>.", 1);
	becomes(MASK_EMAILS, "git@github.com:x and foo@1.2.3 a@b",
	    "git@github.com:x and foo@1.2.3 a@b", 0);
	becomes(MASK_HOMES,
	    "/home/you/x: /Users/you/y /root/z /rootfs /x/home/you "
	    "a/root",
	    "/home/***/x: /Users/***/y /***/z /rootfs /x/home/you a/root", 3);
	becomes(MASK_HOSTS, "https://git.example.org:8080/x builder@vm1",
	    "https://***:8080/x builder@***", 2);
	becomes(MASK_HOSTS, "from 10.1.2.3 port 22, 1.2.3.400, 12:34:56",
	    "from *** port 22, 1.2.3.400, 12:34:56", 1);
	becomes(MASK_HOSTS, "fe80::1ff:fe23:4567:890a and std::min, d::e",
	    "*** and std::min, d::e", 1);
	becomes(MASK_HOSTS, "memcpy@GLIBC_2.14 left-pad@1.3.0 127.0.0.1",
	    "memcpy@GLIBC_2.14 left-pad@1.3.0 127.0.0.1", 0);
	becomes(MASK_CREDENTIALS | MASK_HOSTS, "https://u:p@h.org/x",
	    "https://***@***/x", 2);
	becomes(MASK_CREDENTIALS | MASK_HOSTS,
	    "https://u:p@h.org:80/x http://i",
	    "https://***@***:80/x http://***", 3);
}

static void
private_keys_go(void **state)
{
	static const char *const lines[][2] = {
	    {"-----BEGIN OPENSSH PRIVATE KEY-----",
		"-----BEGIN OPENSSH PRIVATE KEY-----"},
	    {"b3BlbnNzaC1rZXktdjEAAAAA", "***"},
	    {"", ""},
	    {"QyNTUxOQAAACB==\r", "***"},
	    {"-----END OPENSSH PRIVATE KEY-----",
		"-----END OPENSSH PRIVATE KEY-----"},
	    {"b3BlbnNzaC1rZXktdjEAAAAA", "b3BlbnNzaC1rZXktdjEAAAAA"},
	    {"-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"},
	    {"abcd", "***"},
	    {"ERROR: the log goes on", "ERROR: the log goes on"},
	    {"abcd", "abcd"},
	};
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = MASK_CREDENTIALS};
	struct mask_hit hit;
	size_t places = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		buf_reset(&out);
		places += mask_line(&m, slice_of(lines[i][0]), &out, &hit, 1);
		buf_addc(&out, '\0');
		assert_string_equal(out.data, lines[i][1]);
	}
	assert_int_equal(places, 2);
}

static void
previews_show_no_secret(void **state)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = MASK_CREDENTIALS};
	struct mask_hit hits[2];

	(void)state;
	buf_adds(&out, "before\n");
	assert_int_equal(
	    mask_line(&m, SLICE("\033[1mA_TOKEN=first https://u:second@h/\xff"),
		&out, hits, 2),
	    2);
	assert_string_equal(hits[0].preview, "?[1mA_TOKEN=*** https://***@h/?");
	assert_string_equal(hits[1].preview, hits[0].preview);
	assert_int_equal(
	    mask_line(
		&m, SLICE("A_TOKEN=aa B_TOKEN=bb C_TOKEN=cc"), &out, hits, 1),
	    3);
}

static void
other_bytes_stay(void **state)
{
	static const char line[] = "\0\x80\xff\r\t A_TOKEN=x1\0\x7f \033[m";
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = 15};
	struct mask_hit hit;

	(void)state;
	assert_int_equal(mask_line(&m, (struct slice){line, sizeof(line) - 1},
			     &out, &hit, 1),
	    1);
	assert_int_equal(out.len, sizeof(line) - 1 + 1);
	assert_memory_equal(
	    out.data, "\0\x80\xff\r\t A_TOKEN=***\0\x7f \033[m", out.len);
}

static void
words_of_rules(void **state)
{
	unsigned rules = 99;

	(void)state;
	assert_true(mask_rules_read("credentials,emails", &rules));
	assert_int_equal(rules, MASK_CREDENTIALS | MASK_EMAILS);
	assert_true(mask_rules_read("none", &rules));
	assert_int_equal(rules, 0);
	assert_true(mask_rules_read(" hosts , homes ", &rules));
	assert_int_equal(rules, MASK_HOSTS | MASK_HOMES);
	assert_false(mask_rules_read("", &rules));
	assert_false(mask_rules_read("hosts,", &rules));
	assert_false(mask_rules_read("everything", &rules));
	assert_int_equal(rules, MASK_HOSTS | MASK_HOMES);
	assert_string_equal(mask_rule_word(MASK_HOMES), "homes");
}

/* Lines made to be slow: each 256 KiB of the same few bytes. */
static void
time_is_linear(void **state)
{
	static const char *const parts[] = {"A_TOKEN=", "token=aa(", "a@",
	    "://", "://a:b@", "/home/", "/root", "1.2.3.4", "a:", "::1",
	    "-----BEGIN PRIVATE KEY-----", "Authorization: ", "ghp_aaaaaaaaa",
	    "password\"", "\"", "x://a@b@", "token \"", "secret_",
	    "token=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		CLEANUP(buf_clear) struct buf in = BUF_INIT;
		CLEANUP(buf_clear) struct buf out = BUF_INIT;
		struct mask m = {.rules = 15};
		struct mask_hit hit;
		clock_t start = clock();
		while (in.len < 1 << 18)
			buf_adds(&in, parts[i]);
		mask_line(&m, (struct slice){in.data, in.len}, &out, &hit, 1);
		/* a quadratic one takes longer by far */
		if (clock() - start > 4 * CLOCKS_PER_SEC)
			fail_msg("%s takes too long", parts[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(credentials_go),
	    cmocka_unit_test(what_is_no_credential_stays),
	    cmocka_unit_test(other_rules),
	    cmocka_unit_test(private_keys_go),
	    cmocka_unit_test(previews_show_no_secret),
	    cmocka_unit_test(other_bytes_stay),
	    cmocka_unit_test(words_of_rules),
	    cmocka_unit_test(time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
