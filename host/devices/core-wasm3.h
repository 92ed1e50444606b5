/* The module that core-wasm3.c interprets. */
#ifndef NLR_CORE_WASM3_H
#define NLR_CORE_WASM3_H

#include <stdint.h>

/** Its bytes, in flash or read from a file: the program's own. They must stay as long as the core is used. */
extern const uint8_t *core_module;
extern uint32_t core_module_bytes;

#endif
