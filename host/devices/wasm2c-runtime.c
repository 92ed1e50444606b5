/* The runtime of wasm2c's C: one static linear memory, and one way out for everything that traps. */
#include "wasm2c-runtime.h"

#include "core.h"

_Alignas(16) uint8_t linear_memory[NLR_MEMORY_BYTES + NLR_MEMORY_MARGIN];

void linear_memory_clear(wasm_rt_memory_t *memory) {
  memset(linear_memory, 0, sizeof linear_memory);
  memory->data = linear_memory;
  memory->size = NLR_MEMORY_BYTES;
}

void linear_memory_exceeded(void) {
  linear_memory_trap(TRAP_OOB);
}

void linear_memory_trap(enum trap reason) {
  static const char *const reasons[] = {
    [TRAP_OOB] = "out of bounds",
    [TRAP_INT_OVERFLOW] = "integer overflow",
    [TRAP_DIV_BY_ZERO] = "division by zero",
    [TRAP_INVALID_CONVERSION] = "not a number converted to an integer",
    [TRAP_UNREACHABLE] = "unreachable",
  };
  core_trapped(reasons[reason]);
}
