/*
 * How a C program reaches the core: the functions of nlr_vqa.h, one instance of the module, its memory.
 * core-wasm2c.c implements this ahead of time, core-wasm3.c by an interpreter; link one of them.
 */
#ifndef NLR_CORE_H
#define NLR_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "core-bytes.h"
#include "nlr_vqa.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a fresh instance; one that was open before is given up. Where the program was compiled to an arithmetic that
 * would give other bits, it ends in core_trapped(), which says what is wrong.
 * Returns: whether the module is there, is whole, and speaks NLR_ABI_VERSION
 */
bool core_open(void);

/**
 * Bytes of linear memory that are really there. Where that is less than a page, compare nlr_plan() with it
 * before nlr_init(), which knows of no limit but the page.
 */
uint32_t core_memory_bytes(void);

/**
 * The place of `bytes` bytes at an address of the core, or NULL when they are not all inside linear memory. Numbers in
 * it have their least significant byte first on every processor: core_real() and the others below read and write them.
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
 * more; or core_open() refused the arithmetic. Must not return.
 */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void core_trapped(const char *reason);

/*
 * Numbers in linear memory. An address is what a function nlr_..._ptr() returned, and index counts numbers from it;
 * reading beyond linear memory gives 0, writing there returns false.
 */

/** A real, a float or a double by the build, of features, parameters, the gradient or outputs. */
static inline double core_real(int32_t address, uint32_t index) {
  double wide = 0;
  float narrow = 0;
  const uint32_t bytes = (uint32_t)nlr_real_bytes();
  const void *const at = core_memory((uint32_t)address + index * bytes, bytes);
  if (at == NULL) return 0;
  if (bytes == sizeof narrow) core_copy_number(&narrow, at, sizeof narrow);
  else core_copy_number(&wide, at, sizeof wide);
  return bytes == sizeof narrow ? (double)narrow : wide;
}

/** Writes a real, rounded where the build has floats. */
static inline bool core_put_real(int32_t address, uint32_t index, double value) {
  const float narrow = (float)value;
  const uint32_t bytes = (uint32_t)nlr_real_bytes();
  void *const at = core_memory((uint32_t)address + index * bytes, bytes);
  if (at == NULL) return false;
  if (bytes == sizeof narrow) core_copy_number(at, &narrow, sizeof narrow);
  else core_copy_number(at, &value, sizeof value);
  return true;
}

/** A double of every build, such as a slot of the report. */
static inline double core_double(int32_t address, uint32_t index) {
  double value = 0;
  const void *const at = core_memory((uint32_t)address + index * (uint32_t)sizeof value, sizeof value);
  if (at != NULL) core_copy_number(&value, at, sizeof value);
  return value;
}

/** A 32-bit integer, such as an index of the mini-batch that the core draws. */
static inline int32_t core_integer(int32_t address, uint32_t index) {
  int32_t value = 0;
  const void *const at = core_memory((uint32_t)address + index * (uint32_t)sizeof value, sizeof value);
  if (at != NULL) core_copy_number(&value, at, sizeof value);
  return value;
}

/** Writes a 32-bit integer, such as a label. */
static inline bool core_put_integer(int32_t address, uint32_t index, int32_t value) {
  void *const at = core_memory((uint32_t)address + index * (uint32_t)sizeof value, sizeof value);
  if (at != NULL) core_copy_number(at, &value, sizeof value);
  return at != NULL;
}

#ifdef __cplusplus
}
#endif

#endif
