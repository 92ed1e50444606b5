/* See transcript.h. Without the C library's input and output, so that it runs where there is none. */
#include "transcript.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core.h"

/* The longest line shows all parameters of the paper's model, the longest image is that of a small one. */
enum { LINE_BYTES = 2048, COMMAND_BYTES = 200, WORDS = 12, IMAGE_BYTES = 4096 };

static char line[LINE_BYTES];
static uint32_t line_length;
static uint8_t kept[IMAGE_BYTES];
static uint32_t kept_bytes;
/* What the last call returned. */
static double last;

/* ---- the line that is being written ---- */

static void add(const char *text) {
  while (*text != 0 && line_length + 1 < LINE_BYTES) line[line_length++] = *text++;
  line[line_length] = 0;
}

static void add_integer(double number) {
  char digits[12];
  char *at = digits + sizeof digits - 1;
  uint32_t left = (uint32_t)(number < 0 ? -number : number);
  *at = 0;
  do *--at = (char)('0' + left % 10);
  while ((left /= 10) > 0);
  add(number < 0 ? " -" : " ");
  add(at);
}

static void add_bits(uint64_t bits, int digits) {
  char text[2] = {0};
  for (int i = digits - 1; i >= 0; i--) {
    text[0] = "0123456789abcdef"[bits >> (4 * i) & 15];
    add(text);
  }
}

static void add_double(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  if (number != number) add("nan");
  else add_bits(bits, 16);
}

/* ---- numbers in a script and in memory ---- */

static double number_of(const char *word) {
  if (word[0] == '$') return kept_bytes;
  if (word[0] == 'x') {
    uint64_t bits = 0;
    double number;
    for (const char *digit = word + 1; *digit != 0; digit++) {
      bits = bits << 4 | (uint64_t)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
    }
    memcpy(&number, &bits, sizeof number);
    return number;
  }
  double number = 0;
  const bool negative = word[0] == '-';
  for (const char *digit = word + negative; *digit != 0; digit++) number = number * 10 + (*digit - '0');
  return negative ? -number : number;
}

static double invoke(const char *name, char *words[], uint32_t count) {
  double from[WORDS] = {0};
  double result = 0;
  for (uint32_t i = 0; i < count; i++) from[i] = number_of(words[i]);
  if (core_call(name, from, count, &result)) return result;
  add("unknown ");
  add(name);
  return 0;
}

enum type { INTEGER, FLOAT, DOUBLE };

static enum type type_of(const char *name) {
  if (name[0] == 'i') return INTEGER;
  return name[0] == 'f' || nlr_real_bytes() == 8 ? DOUBLE : FLOAT;
}

/* The place of an element behind the address that a function returns. */
static void *element(enum type type, const char *pointer, uint32_t index) {
  const uint32_t bytes = type == DOUBLE ? 8 : 4;
  return core_memory((uint32_t)(int32_t)invoke(pointer, NULL, 0) + index * bytes, bytes);
}

static void write_number(enum type type, const char *pointer, uint32_t index, double number) {
  void *to = element(type, pointer, index);
  const int32_t integer = type == INTEGER ? (int32_t)number : 0;
  const float single = (float)number;
  if (to == NULL) add("outside memory");
  else if (type == DOUBLE) core_copy_number(to, &number, sizeof number);
  else if (type == FLOAT) core_copy_number(to, &single, sizeof single);
  else core_copy_number(to, &integer, sizeof integer);
}

static void add_number(enum type type, const char *pointer, uint32_t index) {
  const void *from = element(type, pointer, index);
  uint32_t word = 0;
  double number = 0;
  float single = 0;
  add(" ");
  if (from == NULL) {
    add("outside memory");
  } else if (type == DOUBLE) {
    core_copy_number(&number, from, sizeof number);
    add_double(number);
  } else {
    core_copy_number(&word, from, sizeof word);
    core_copy_number(&single, from, sizeof single);
    if (type == FLOAT && single != single) add("nan");
    else add_bits(word, 8);
  }
}

/* ---- the commands; words begin behind the command's own ---- */

static void must(char *words[], uint32_t count) {
  last = invoke(words[0], words + 1, count - 1);
  if (last >= 0) return;
  add("refused ");
  add(words[0]);
  add_integer(last);
}

static void call(char *words[], uint32_t count) {
  last = invoke(words[0], words + 1, count - 1);
  add(words[0]);
  add_integer(last);
}

static void number(char *words[], uint32_t count) {
  const double result = invoke(words[0], words + 1, count - 1);
  add(words[0]);
  add(" ");
  add_double(result);
}

static void features(char *words[], uint32_t count) {
  (void)count;
  const uint32_t step = (uint32_t)number_of(words[1]);
  for (uint32_t i = 0; i < (uint32_t)number_of(words[0]); i++) {
    write_number(type_of("real"), "features_ptr", i, ((double)((7 * i + 3 * step) % 23) - 9) / 32);
  }
}

static void labels(char *words[], uint32_t count) {
  (void)count;
  for (uint32_t i = 0; i < (uint32_t)number_of(words[0]); i++) {
    write_number(INTEGER, "labels_ptr", i, i % (uint32_t)number_of(words[1]));
  }
}

static void advance(char *words[], uint32_t count) {
  uint32_t calls = 0;
  do {
    last = invoke("step_advance", words, count);
    calls++;
  } while (last == 1);
  add("advance");
  add_integer(last);
  add_integer(calls);
}

static void read_numbers(char *words[], uint32_t count) {
  (void)count;
  const enum type type = type_of(words[0]);
  const uint32_t first = (uint32_t)number_of(words[2]);
  const uint32_t end = first + (uint32_t)number_of(words[3]);
  add(words[1]);
  for (uint32_t i = first; i < end; i++) add_number(type, words[1], i);
}

static void write_one(char *words[], uint32_t count) {
  (void)count;
  write_number(type_of(words[0]), words[1], (uint32_t)number_of(words[2]), number_of(words[3]));
}

static void reset(char *words[], uint32_t count) {
  (void)words, (void)count;
  if (!core_open()) add("the module does not open");
}

/* The image area, at least so many bytes of it. */
static uint8_t *image(uint32_t bytes) {
  uint8_t *const found = core_memory((uint32_t)nlr_image_ptr(), bytes);
  if (found == NULL || bytes > IMAGE_BYTES) add("no room for the image");
  return bytes > IMAGE_BYTES ? NULL : found;
}

static void keep(char *words[], uint32_t count) {
  (void)words, (void)count;
  kept_bytes = last > 0 ? (uint32_t)last : 0;
  const uint8_t *const from = image(kept_bytes);
  if (from != NULL) memcpy(kept, from, kept_bytes);
  add("keep");
  add_integer(kept_bytes);
}

static void put(char *words[], uint32_t count) {
  (void)words, (void)count;
  uint8_t *const to = image(kept_bytes);
  if (to != NULL) memcpy(to, kept, kept_bytes);
}

static void flip(char *words[], uint32_t count) {
  (void)count;
  const uint32_t at = (uint32_t)number_of(words[0]);
  uint8_t *const byte = image(at + 1);
  if (byte != NULL) byte[at] ^= (uint8_t)number_of(words[1]);
}

static void trace(char *words[], uint32_t count) {
  (void)words, (void)count;
  add("trace ");
  add_bits((uint32_t)nlr_trace_high(), 8);
  add_bits((uint32_t)nlr_trace_low(), 8);
}

static const struct {
  const char *name;
  void (*run)(char *words[], uint32_t count);
} COMMANDS[] = {
  {"must", must}, {"call", call}, {"number", number}, {"features", features}, {"labels", labels},
  {"advance", advance}, {"read", read_numbers}, {"write", write_one}, {"reset", reset}, {"keep", keep},
  {"put", put}, {"flip", flip}, {"trace", trace},
};

/* Runs one command, which it takes apart. */
static void run(char *command) {
  char *words[WORDS];
  uint32_t count = 0;
  for (char *at = command; at != NULL && count < WORDS; count++) {
    words[count] = at;
    at = strchr(at, ' ');
    if (at != NULL) *at++ = 0;
  }
  for (uint32_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
    if (strcmp(COMMANDS[i].name, words[0]) != 0) continue;
    COMMANDS[i].run(words + 1, count - 1);
    return;
  }
  add("unknown ");
  add(words[0]);
}

void transcript_run(const char *script, void (*put_line)(const char *text)) {
  char command[COMMAND_BYTES];
  while (*script != 0) {
    const char *const end = strchr(script, '\n');
    const size_t length = end == NULL ? strlen(script) : (size_t)(end - script);
    line_length = 0;
    line[0] = 0;
    if (length >= COMMAND_BYTES) {
      add("unknown, too long a command");
    } else if (length > 0) {
      memcpy(command, script, length);
      command[length] = 0;
      if (strncmp(command, "case ", 5) == 0) {
        add(command);
        reset(NULL, 0);
      } else {
        run(command);
      }
    }
    if (line_length > 0) put_line(line);
    script += length + (end != NULL);
  }
}
