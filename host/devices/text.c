/* See text.h. */
#include "text.h"

static void add(struct text *text, char character) {
  if (text->length + 1 >= sizeof text->line) return;
  text->line[text->length++] = character;
  text->line[text->length] = 0;
}

void text_add(struct text *text, const char *characters) {
  while (*characters != 0) add(text, *characters++);
}

/** At least so many decimal digits. */
static void add_digits(struct text *text, uint32_t number, uint32_t least) {
  char digits[10];
  uint32_t count = 0;
  for (; number > 0 || count < least; number /= 10) digits[count++] = (char)('0' + number % 10);
  while (count > 0) add(text, digits[--count]);
}

void text_add_number(struct text *text, uint32_t number) {
  add_digits(text, number, 1);
}

void text_add_hex(struct text *text, uint32_t number) {
  for (int shift = 28; shift >= 0; shift -= 4) add(text, "0123456789abcdef"[number >> shift & 15]);
}

void text_add_real(struct text *text, double number) {
  if (!(number > -4000 && number < 4000)) {
    add(text, '?');
    return;
  }
  if (number < 0) add(text, '-');
  const uint32_t millionths = (uint32_t)((number < 0 ? -number : number) * 1e6 + 0.5);
  add_digits(text, millionths / 1000000, 1);
  add(text, '.');
  add_digits(text, millionths % 1000000, 6);
}
