/*
 * core.h over wasm3 0.5, which interprets a module: see core-wasm3.h for where it comes from.
 *
 * With NLR_MEMORY_BYTES linear memory has that length, below a page: what is beyond traps.
 * With NLR_WASM3_HEAP_BYTES everything that wasm3 allocates is in a static heap of that length, but for linear memory,
 * which is then a static array that wasm3-heap.c leaves alone. What wasm3 has compiled is a cache: a call that finds
 * more than NLR_WASM3_KEEP_BYTES in use has all of it given up first. The core does not notice, because all of its
 * state lies in linear memory. What remains of the heap must hold what one call compiles.
 */
#include "core-arithmetic.h"
#include "core-wasm3.h"

#include <stddef.h>
#include <string.h>

#include "core.h"
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "nlr-vqa: wasm3 is not tried where the most significant byte comes first: core-wasm2c.c is"
#endif
#include "m3_env.h"
#include "wasm3.h"
#ifdef NLR_WASM3_HEAP_BYTES
#include "wasm3-heap.h"
#else
#define heap_empty()
#endif
#ifndef NLR_WASM3_KEEP_BYTES
#define NLR_WASM3_KEEP_BYTES NLR_WASM3_HEAP_BYTES
#endif

/** Bytes of wasm3's own stack for locals and operands. */
#ifndef NLR_WASM3_STACK_BYTES
#define NLR_WASM3_STACK_BYTES 8192
#endif

/* The C library's realloc() takes no array that it has not allocated; wasm3-heap.c does. */
#if defined(NLR_MEMORY_BYTES) && defined(NLR_WASM3_HEAP_BYTES)
#define STATIC_MEMORY
#endif

static IM3Environment environment;
static IM3Runtime runtime;

#define INDEX(type, name, signature, parameters, arguments, taken) INDEX_##name,
enum { NLR_FUNCTIONS(INDEX) FUNCTIONS };

/** Found when first called; what they call is compiled when it is first reached. */
static IM3Function functions[FUNCTIONS];

static void close(void) {
#ifdef STATIC_MEMORY
  if (runtime != NULL) runtime->memory.mallocated = NULL;
#endif
  if (runtime != NULL) m3_FreeRuntime(runtime);
  if (environment != NULL) m3_FreeEnvironment(environment);
  runtime = NULL;
  environment = NULL;
  memset(functions, 0, sizeof functions);
  heap_empty();
}

#ifdef STATIC_MEMORY
static struct {
  M3MemoryHeader header;
  uint8_t bytes[NLR_MEMORY_BYTES];
} linear_memory;

/** Puts linear memory where wasm3 would allocate it, below a page; it is taken for one that is there already. */
static void limit_memory(void) {
  runtime->memoryLimit = NLR_MEMORY_BYTES;
  runtime->memory.mallocated = &linear_memory.header;
  runtime->memory.numPages = 1;
}
#elif defined(NLR_MEMORY_BYTES)
/** wasm3 allocates linear memory itself, so much of it. */
static void limit_memory(void) {
  runtime->memoryLimit = NLR_MEMORY_BYTES;
}
#else
static void limit_memory(void) {}
#endif

/** Makes an instance, in the linear memory as it is where that is static. */
static bool instantiate(void) {
  close();
  environment = m3_NewEnvironment();
  if (environment == NULL) return false;
  runtime = m3_NewRuntime(environment, NLR_WASM3_STACK_BYTES, NULL);
  if (runtime == NULL) return false;
  limit_memory();
  IM3Module module;
  if (m3_ParseModule(environment, &module, core_module, core_module_bytes) != m3Err_none) return false;
  if (m3_LoadModule(runtime, module) != m3Err_none) {
    m3_FreeModule(module);
    return false;
  }
  return true;
}

#ifdef NLR_WASM3_HEAP_BYTES
/** Gives up what was compiled when there is too much of it. */
static void make_room(void) {
  if (heap_used() > NLR_WASM3_KEEP_BYTES && !instantiate()) core_trapped("no room for the interpreter");
}
#else
static void make_room(void) {}
#endif

/** The function to call, looked up once. */
static IM3Function function(int index, const char *name) {
  make_room();
  if (functions[index] != NULL) return functions[index];
  const M3Result error = m3_FindFunction(&functions[index], runtime, name);
  if (error != m3Err_none) core_trapped(error);
  return functions[index];
}

#define NO_RESULT_int32_t int32_t result = 0;
#define NO_RESULT_double double result = 0;
#define NO_RESULT_void
#define TAKE_RESULT_int32_t m3_GetResultsV(called, &result)
#define TAKE_RESULT_double m3_GetResultsV(called, &result)
#define TAKE_RESULT_void m3Err_none
#define GIVE_int32_t return result;
#define GIVE_double return result;
#define GIVE_void

#define BINDING(type, name, signature, parameters, arguments, taken) \
  type nlr_##name parameters { \
    const IM3Function called = function(INDEX_##name, #name); \
    NO_RESULT_##type M3Result error = m3_CallV(called NLR_LIST arguments); \
    if (error == m3Err_none) error = TAKE_RESULT_##type; \
    if (error != m3Err_none) core_trapped(error); \
    GIVE_##type \
  }

NLR_FUNCTIONS(BINDING)

bool core_open(void) {
  const char *const fault = nlr_arithmetic_fault();
  if (fault != NULL) core_trapped(fault);
#ifdef STATIC_MEMORY
  memset(&linear_memory, 0, sizeof linear_memory);
#endif
  return instantiate() && nlr_abi_version() == NLR_ABI_VERSION;
}

uint32_t core_memory_bytes(void) {
  return m3_GetMemorySize(runtime);
}

void *core_memory(uint32_t address, uint32_t bytes) {
  uint32_t size = 0;
  uint8_t *memory = m3_GetMemory(runtime, &size, 0);
  if (memory == NULL || bytes > size || address > size - bytes) return NULL;
  return memory + address;
}
