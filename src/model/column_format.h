/* column_format.h: what column.c and column_read.c agree on. */
#ifndef MODEL_COLUMN_FORMAT_H
#define MODEL_COLUMN_FORMAT_H

enum column_transform {
	COLUMN_AS_IS = 0,
	COLUMN_DIFFERENCE = 1,
	COLUMN_GROUPS = 2
};

enum column_encoding { COLUMN_ZERO = 0, COLUMN_TOKENS = 1, COLUMN_PLANES = 2 };

#define COLUMN_DIVISOR 16
#define COLUMN_SIGNED 32

#endif
