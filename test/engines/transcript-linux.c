/*
 * The interpreter of scripts as a program: SCRIPT, and MODULE where it is interpreted too (NLR_INTERPRETED).
 * Prints the transcript.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core.h"
#include "transcript.h"

#ifdef NLR_INTERPRETED
#include "core-wasm3.h"
const uint8_t *core_module;
uint32_t core_module_bytes;
#endif

void core_trapped(const char *reason) {
  fprintf(stderr, "trap: %s\n", reason);
  exit(1);
}

static void put_line(const char *line) {
  puts(line);
}

/* The content of a file with a zero behind it; ends the program where it cannot be read. */
static char *content_of(const char *path, size_t *bytes) {
  FILE *const file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  *bytes = (size_t)ftell(file);
  rewind(file);
  char *const content = malloc(*bytes + 1);
  if (content == NULL || fread(content, 1, *bytes, file) != *bytes) {
    perror(path);
    exit(1);
  }
  content[*bytes] = 0;
  fclose(file);
  return content;
}

int main(int count, char *arguments[]) {
#ifdef NLR_INTERPRETED
  const int wanted = 3;
#else
  const int wanted = 2;
#endif
  if (count != wanted) {
    fprintf(stderr, "usage: %s SCRIPT%s\n", arguments[0], wanted == 3 ? " MODULE" : "");
    return 2;
  }
  size_t bytes;
#ifdef NLR_INTERPRETED
  core_module = (const uint8_t *)content_of(arguments[2], &bytes);
  core_module_bytes = (uint32_t)bytes;
#endif
  char *const script = content_of(arguments[1], &bytes);
  transcript_run(script, put_line);
  free(script);
#ifdef NLR_INTERPRETED
  free((void *)(uintptr_t)core_module);
#endif
  return 0;
}
