/* A line of text put together without the C library's formatting, which is larger than the core. */
#ifndef NLR_TEXT_H
#define NLR_TEXT_H

#include <stdint.h>

/** Starts empty, `{0}`; holds 126 characters, what is beyond is lost. */
struct text {
  uint32_t length;
  char line[127];
};

/** Appends characters. */
void text_add(struct text *text, const char *characters);

/** Appends a whole number. */
void text_add_number(struct text *text, uint32_t number);

/** Appends 8 hexadecimal digits. */
void text_add_hex(struct text *text, uint32_t number);

/** Appends a number with six decimals; `?` where it is not a number or not below 4000. */
void text_add_real(struct text *text, double number);

#endif
