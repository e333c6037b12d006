/* receipt_find.h: the receipt that an address names. */
#ifndef WEB_RECEIPT_FIND_H
#define WEB_RECEIPT_FIND_H

#include "base/err.h"
#include "model/receipt.h"

/* ERR_NOT_FOUND says how long receipts are kept. */
enum err receipt_find(struct db *db, struct arena *a, const char *code,
    struct receipt_row *out, struct errinfo *ei) MUST_CHECK;

#endif
