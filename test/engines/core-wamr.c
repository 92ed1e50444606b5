/*
 * core.h over WAMR's fast interpreter, on a machine with an operating system: engine-wamr.ts gets its sources
 * and builds it. The module's bytes come as in core-wasm3.h.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core-wasm3.h"
#include "core.h"
#include "wasm_export.h"

enum { STACK_BYTES = 16384, CELLS = 16, REASON_BYTES = 128 };
/*
 * WAMR 2 cuts linear memory down to __heap_base and so many bytes more, and the core cannot ask for any back: the
 * rest of the page, or at least nlr_plan() less __heap_base.
 */
#define HEAP_BYTES (65536 - 1280)

static uint8_t *bytes;
static wasm_module_t module;
static wasm_module_inst_t instance;
static wasm_exec_env_t environment;

#define INDEX(type, name, signature, parameters, arguments, taken) INDEX_##name,
enum { NLR_FUNCTIONS(INDEX) FUNCTIONS };

static wasm_function_inst_t functions[FUNCTIONS];

/* A number in the 32-bit cells in which arguments and results travel. */
union cells {
  uint32_t halves[2];
  double whole;
};

/* Calls a function. Its signature is as in nlr_vqa.h: i 32-bit integer, F double, v none, the result first. */
static double call(int index, const char *name, const char *signature, ...) {
  uint32_t cells[CELLS] = {0};
  uint32_t count = 0;
  va_list arguments;
  va_start(arguments, signature);
  for (const char *letter = signature + 2; *letter != ')'; letter++) {
    if (*letter == 'i') {
      cells[count++] = (uint32_t)va_arg(arguments, int32_t);
    } else {
      const union cells number = {.whole = va_arg(arguments, double)};
      cells[count++] = number.halves[0];
      cells[count++] = number.halves[1];
    }
  }
  va_end(arguments);
  if (functions[index] == NULL) functions[index] = wasm_runtime_lookup_function(instance, name, NULL);
  if (functions[index] == NULL) core_trapped("no such function");
  if (!wasm_runtime_call_wasm(environment, functions[index], count, cells)) {
    core_trapped(wasm_runtime_get_exception(instance));
  }
  if (signature[0] == 'i') return (int32_t)cells[0];
  const union cells result = {.halves = {cells[0], cells[1]}};
  return signature[0] == 'F' ? result.whole : 0;
}

#define GIVE_int32_t return (int32_t)
#define GIVE_double return
#define GIVE_void

#define BINDING(type, name, signature, parameters, arguments, taken) \
  type nlr_##name parameters { \
    GIVE_##type call(INDEX_##name, #name, signature NLR_LIST arguments); \
  }

NLR_FUNCTIONS(BINDING)

static void close(void) {
  if (environment != NULL) wasm_runtime_destroy_exec_env(environment);
  if (instance != NULL) wasm_runtime_deinstantiate(instance);
  if (module != NULL) wasm_runtime_unload(module);
  free(bytes);
  environment = NULL;
  instance = NULL;
  module = NULL;
  memset(functions, 0, sizeof functions);
}

bool core_open(void) {
  static bool started;
  char reason[REASON_BYTES];
  if (!started && !wasm_runtime_init()) return false;
  started = true;
  close();
  /* It may write into the module that it loads. */
  bytes = malloc(core_module_bytes);
  if (bytes == NULL) return false;
  memcpy(bytes, core_module, core_module_bytes);
  module = wasm_runtime_load(bytes, core_module_bytes, reason, sizeof reason);
  if (module == NULL) return false;
  instance = wasm_runtime_instantiate(module, STACK_BYTES, HEAP_BYTES, reason, sizeof reason);
  if (instance == NULL) return false;
  environment = wasm_runtime_create_exec_env(instance, STACK_BYTES);
  return environment != NULL && nlr_abi_version() == NLR_ABI_VERSION;
}

uint32_t core_memory_bytes(void) {
  uint32_t start, end;
  return wasm_runtime_get_app_addr_range(instance, 0, &start, &end) ? end : 0;
}

void *core_memory(uint32_t address, uint32_t length) {
  if (!wasm_runtime_validate_app_addr(instance, address, length)) {
    wasm_runtime_clear_exception(instance);
    return NULL;
  }
  return wasm_runtime_addr_app_to_native(instance, address);
}
