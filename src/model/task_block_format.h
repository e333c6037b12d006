/* task_block_format.h: what task_block.c and task_block_read.c agree on. */
#ifndef MODEL_TASK_BLOCK_FORMAT_H
#define MODEL_TASK_BLOCK_FORMAT_H

#include "model/unpack.h"

#define TASK_BLOCK_VERSION 1
#define TASK_BLOCK_HEAD_LEVEL 6
#define TASK_BLOCK_HEAD_MAX ((size_t)64 << 20)

#endif
