/* core_call of core.h: every function of the core by its name. */
#include <string.h>

#include "core.h"

#define RESULT_int32_t(call) (call)
#define RESULT_uint32_t(call) (call)
#define RESULT_double(call) (call)
#define RESULT_void(call) ((call), 0.0)

#define CALLED_BY_NAME(type, name, signature, parameters, arguments, taken) \
  static double call_##name(const double from[]) { \
    (void)from; \
    return RESULT_##type(nlr_##name taken); \
  }

NLR_FUNCTIONS(CALLED_BY_NAME)

struct entry {
  const char *name;
  const char *signature;
  double (*call)(const double from[]);
};

#define ENTRY(type, name, signature, parameters, arguments, taken) {#name, signature, call_##name},

static const struct entry ENTRIES[] = {NLR_FUNCTIONS(ENTRY)};

bool core_call(const char *name, const double from[], uint32_t count, double *result) {
  for (uint32_t i = 0; i < sizeof ENTRIES / sizeof *ENTRIES; i++) {
    if (strcmp(ENTRIES[i].name, name) != 0) continue;
    /* Beside the letters of the parameters: that of the result, and two parentheses. */
    if (strlen(ENTRIES[i].signature) != count + 3) return false;
    *result = ENTRIES[i].call(from);
    return true;
  }
  return false;
}
