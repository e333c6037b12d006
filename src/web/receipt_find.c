/* receipt_find.c: see receipt_find.h. */
#include "web/receipt_find.h"

#include <string.h>

enum err
receipt_find(struct db *db, struct arena *a, const char *code,
    struct receipt_row *out, struct errinfo *ei)
{
	enum err err = ERR_NOT_FOUND;

	if (strlen(code) < RECEIPT_CODE_MAX)
		err = receipt_load(db, a, code, out, ei);
	if (err == ERR_NOT_FOUND)
		return err_set(ei, ERR_NOT_FOUND,
		    "There is no such receipt; receipts are kept for %d days.",
		    RECEIPT_DAYS);
	return err;
}
