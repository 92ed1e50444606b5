/*
 * core.h over core-module.c, the C that wasm2c makes of a module, prepared by build-c.ts. It is compiled as a
 * part of this file, so that the compiler sees that there is but one instance. Every access is checked, against
 * the NLR_MEMORY_BYTES that are really there: see wasm2c-runtime.h.
 */
#include "wasm2c-runtime.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#include "core-module.c"
#pragma GCC diagnostic pop

#include "core.h"

static Z_core_instance_t instance;

/* The arguments of a call, behind the instance. */
#define BEHIND_INSTANCE(...) (&instance, ##__VA_ARGS__)
#define GIVE_int32_t return (int32_t)
#define GIVE_double return
#define GIVE_void

#define BINDING(type, name, signature, parameters, arguments, taken) \
  type nlr_##name parameters { \
    GIVE_##type Z_coreZ_##name BEHIND_INSTANCE arguments; \
  }

NLR_FUNCTIONS(BINDING)

bool core_open(void) {
  Z_core_init_module();
  Z_core_instantiate(&instance);
  return nlr_abi_version() == NLR_ABI_VERSION;
}

uint32_t core_memory_bytes(void) {
  return instance.w2c_memory.size;
}

void *core_memory(uint32_t address, uint32_t bytes) {
  const wasm_rt_memory_t *memory = &instance.w2c_memory;
  if (bytes > memory->size || address > memory->size - bytes) return NULL;
  return memory->data + address;
}
