/*
 * What the C of wasm2c asks of its surroundings, cut down to what the core needs: translate.mjs takes the rest out.
 * Linear memory is one static array, so that an address is a constant and an index, and every access is checked by
 * one comparison. Function types, tables and growth are left out, which the core does not have. Calls are not
 * counted: the core has no recursion, its deepest stack is known beforehand.
 */
#ifndef NLR_WASM2C_RUNTIME_H
#define NLR_WASM2C_RUNTIME_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core-bytes.h"

/** Bytes of linear memory that are kept: at most the core's one page. A program that never needs more keeps less. */
#ifndef NLR_MEMORY_BYTES
#define NLR_MEMORY_BYTES 65536u
#endif

/* Also where the compiler goes for size: an access is shorter than a call. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/**
 * Bytes behind linear memory that an access may reach into before it is stopped. With that, all accesses a little
 * behind one base need but one comparison of it, whatever their offsets.
 */
#ifndef NLR_MEMORY_MARGIN
#define NLR_MEMORY_MARGIN 64
#endif

typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef float f32;
typedef double f64;

/** A linear memory. There is one. */
typedef struct {
  uint8_t *data;
  uint32_t size;
} wasm_rt_memory_t;

extern uint8_t linear_memory[NLR_MEMORY_BYTES + NLR_MEMORY_MARGIN];

/** Why the core trapped. */
enum trap {
  TRAP_OOB,
  TRAP_INT_OVERFLOW,
  TRAP_DIV_BY_ZERO,
  TRAP_INVALID_CONVERSION,
  TRAP_UNREACHABLE,
};

/** Where everything that traps ends. */
_Noreturn void linear_memory_trap(enum trap reason);

/** Where an access beyond linear memory ends. */
_Noreturn void linear_memory_exceeded(void);

/** Linear memory full of zeros. */
void linear_memory_clear(wasm_rt_memory_t *memory);

#define TRAP(reason) (linear_memory_trap(TRAP_##reason), 0)
#define UNREACHABLE TRAP(UNREACHABLE)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define FUNC_PROLOGUE
#define FUNC_EPILOGUE (void)0

#define wasm_rt_allocate_memory(memory, pages, most) linear_memory_clear(memory)

/**
 * The place of some bytes behind a base address. Offset and bytes are constants; nothing is added before it is
 * compared, so that no sum wraps around.
 */
ALWAYS_INLINE uint8_t *linear(uint32_t base, uint32_t offset, uint32_t bytes) {
  const uint32_t reach = offset < NLR_MEMORY_BYTES ? offset + bytes : NLR_MEMORY_BYTES + 1;
  const uint32_t least = reach <= NLR_MEMORY_MARGIN ? 0 : reach;
  if (least > NLR_MEMORY_BYTES || base > NLR_MEMORY_BYTES - least) linear_memory_exceeded();
  return linear_memory + offset + base;
}

#define DEFINE_LOAD(name, stored, extended, result) \
  ALWAYS_INLINE result name(const wasm_rt_memory_t *memory, uint32_t base, uint32_t offset) { \
    stored value; \
    (void)memory; \
    core_copy_number(&value, linear(base, offset, sizeof value), sizeof value); \
    return (result)(extended)value; \
  }

#define DEFINE_STORE(name, stored, given) \
  ALWAYS_INLINE void name(wasm_rt_memory_t *memory, uint32_t base, uint32_t offset, given value) { \
    const stored narrowed = (stored)value; \
    (void)memory; \
    core_copy_number(linear(base, offset, sizeof narrowed), &narrowed, sizeof narrowed); \
  }

#define LOAD_DATA(memory, base, content, bytes) memcpy(linear(base, 0, bytes), content, bytes)

#endif
