/* The runtime of wasm2c's C: one static linear memory, and one way out for everything that traps. */
#include "wasm2c-runtime.h"

#include "core.h"

_Alignas(16) uint8_t linear_memory[NLR_MEMORY_BYTES + NLR_MEMORY_MARGIN];

void linear_memory_exceeded(void) {
  wasm_rt_trap(WASM_RT_TRAP_OOB);
}

bool wasm_rt_is_initialized(void) {
  return true;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial_pages, uint32_t max_pages) {
  memset(linear_memory, 0, sizeof linear_memory);
  memory->data = linear_memory;
  memory->size = NLR_MEMORY_BYTES;
  memory->pages = initial_pages;
  memory->max_pages = max_pages;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  memory->size = 0;
}

void wasm_rt_trap(wasm_rt_trap_t code) {
  static const char *const reasons[] = {
    [WASM_RT_TRAP_OOB] = "out of bounds",
    [WASM_RT_TRAP_INT_OVERFLOW] = "integer overflow",
    [WASM_RT_TRAP_DIV_BY_ZERO] = "division by zero",
    [WASM_RT_TRAP_INVALID_CONVERSION] = "not a number converted to an integer",
    [WASM_RT_TRAP_UNREACHABLE] = "unreachable",
  };
  const bool known = (unsigned)code < sizeof reasons / sizeof *reasons && reasons[code] != NULL;
  core_trapped(known ? reasons[code] : "trap");
}
