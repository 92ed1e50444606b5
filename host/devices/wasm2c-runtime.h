/*
 * What the C of wasm2c (wabt 1.0.32) asks of its surroundings, cut down to what the core needs. Linear memory is
 * one static array, so that an address is a constant and an index, and every access is checked by one comparison:
 * build-c.ts takes wasm2c's own accesses out of its C. Function types, tables and growth are left out, which the
 * core does not have. Calls are not counted: the core has no recursion, its deepest stack is known beforehand.
 */
#ifndef NLR_WASM2C_RUNTIME_H
#define NLR_WASM2C_RUNTIME_H

#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 0
#define WASM_RT_USE_STACK_DEPTH_COUNT 0
#include <wasm-rt.h>

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

extern uint8_t linear_memory[NLR_MEMORY_BYTES + NLR_MEMORY_MARGIN];

/** Where an access beyond linear memory ends. */
_Noreturn void linear_memory_exceeded(void);

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
    memcpy(&value, linear(base, offset, sizeof value), sizeof value); \
    return (result)(extended)value; \
  }

#define DEFINE_STORE(name, stored, given) \
  ALWAYS_INLINE void name(wasm_rt_memory_t *memory, uint32_t base, uint32_t offset, given value) { \
    const stored narrowed = (stored)value; \
    (void)memory; \
    memcpy(linear(base, offset, sizeof narrowed), &narrowed, sizeof narrowed); \
  }

#define RANGE_CHECK(memory, base, bytes) (void)linear((uint32_t)(base), 0, (uint32_t)(bytes))
#define LOAD_DATA(memory, base, content, bytes) memcpy(linear(base, 0, bytes), content, bytes)

/* Types are for indirect calls, of which there are none. */
#define wasm_rt_register_func_type(...) 0

#endif
