/*
 * How a C program reaches the core: the functions of nlr_vqa.h, one instance of the module, its memory.
 * core-wasm2c.c implements this ahead of time, core-wasm3.c by an interpreter; link one of them.
 */
#ifndef NLR_CORE_H
#define NLR_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "nlr_vqa.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a fresh instance; one that was open before is given up.
 * Returns: whether the module is there, is whole, and speaks NLR_ABI_VERSION
 */
bool core_open(void);

/**
 * Bytes of linear memory that are really there. Where that is less than a page, compare nlr_plan() with it
 * before nlr_init(), which knows of no limit but the page.
 */
uint32_t core_memory_bytes(void);

/**
 * The place of `bytes` bytes at an address of the core, or NULL when they are not all inside linear memory.
 * Good until the memory grows: no longer than the next nlr_init() or nlr_model_read() of the release build.
 */
void *core_memory(uint32_t address, uint32_t bytes);

/**
 * Calls a function by its name without nlr_, for programs that read a script.
 * from: as many arguments as its signature has
 * result: what it returned, exactly; 0 of a function without a result
 * Returns: whether there is such a function, and it has `count` arguments
 */
bool core_call(const char *name, const double from[], uint32_t count, double *result);

/**
 * The program's own: the core trapped, which it does in no order of calls, and the instance is of no use any
 * more. Must not return.
 */
_Noreturn void core_trapped(const char *reason);

#ifdef __cplusplus
}
#endif

#endif
