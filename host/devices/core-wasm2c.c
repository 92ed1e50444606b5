/*
 * core.h over core-module.c, the C that translate.mjs makes of a module. It is compiled as a part of this file, so
 * that the compiler sees that there is but one instance. Every access is checked, against the NLR_MEMORY_BYTES that
 * are really there: see wasm2c-runtime.h. NLR_CORE_MODULE is another name of the module's file.
 */
#include "core-arithmetic.h"
#include "core.h"
#include "wasm2c-runtime.h"

#ifndef NLR_CORE_MODULE
#define NLR_CORE_MODULE "core-module.c"
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include NLR_CORE_MODULE

static Z_core_instance_t instance;

#define GIVE_int32_t return (int32_t)
#define GIVE_double return
#define GIVE_void

#define BINDING(type, name, signature, parameters, arguments, taken) \
  type nlr_##name parameters { \
    GIVE_##type Z_coreZ_##name(&instance NLR_LIST arguments); \
  }

/* An integer of WebAssembly has no sign. */
NLR_FUNCTIONS(BINDING)
#pragma GCC diagnostic pop

bool core_open(void) {
  const char *const fault = nlr_arithmetic_fault();
  if (fault != NULL) core_trapped(fault);
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
