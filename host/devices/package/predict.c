/*
 * Loads a model file and predicts:
 *
 *   ./predict model.nlrvqa < rows.txt
 *
 * A row has as many numbers as the model has features, as its preprocessing makes them, with blanks or commas between
 * them. A line is printed for each: the index of its class, from 0, and the model's outputs. On a board the file is an
 * array in flash (xxd -i model.nlrvqa), and a row is what the sensors say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

/* The header of an image; its length is the number at byte 8. */
enum { HEADER_BYTES = 24, LENGTH_AT = 8, MOST_BYTES = 65536 };

void core_trapped(const char *reason) {
  fprintf(stderr, "%s\n", reason);
  exit(1);
}

/* Gives the core a model: the first image of the file; what the host keeps behind it is not read. */
static int32_t load(const uint8_t *file, uint32_t bytes) {
  if (bytes < HEADER_BYTES) return NLR_STATUS_BAD_LENGTH;
  uint32_t length = 0;
  for (uint32_t i = 0; i < 4; i++) length |= (uint32_t)file[LENGTH_AT + i] << (8 * i);
  if (length < HEADER_BYTES || length > bytes) return NLR_STATUS_BAD_LENGTH;
  void *const image = core_memory((uint32_t)nlr_image_ptr(), length);
  if (image == NULL) return NLR_STATUS_OUT_OF_MEMORY;
  memcpy(image, file, length);
  return nlr_model_read((int32_t)length);
}

/* The next number of a text; blanks and commas stand between numbers. */
static bool next_number(FILE *rows, double *value) {
  int byte;
  do byte = getc(rows);
  while (byte == ' ' || byte == ',' || byte == '\t' || byte == '\r' || byte == '\n');
  if (byte == EOF) return false;
  ungetc(byte, rows);
  if (fscanf(rows, "%lf", value) == 1) return true;
  fprintf(stderr, "'%c' begins no number\n", byte);
  exit(1);
}

/* Two classes have one output, positive for the second; more have one each. */
static int32_t class_of(int32_t outputs) {
  if (outputs == 1) return core_real(nlr_outputs_ptr(), 0) > 0;
  int32_t best = 0;
  for (int32_t i = 1; i < outputs; i++) {
    if (core_real(nlr_outputs_ptr(), (uint32_t)i) > core_real(nlr_outputs_ptr(), (uint32_t)best)) best = i;
  }
  return best;
}

int main(int argc, char **argv) {
  static uint8_t file[MOST_BYTES];
  if (argc != 2) {
    fprintf(stderr, "usage: predict MODEL < ROWS\n");
    return 2;
  }
  FILE *const stored = fopen(argv[1], "rb");
  if (stored == NULL) {
    perror(argv[1]);
    return 1;
  }
  const uint32_t bytes = (uint32_t)fread(file, 1, sizeof file, stored);
  fclose(stored);
  if (!core_open()) return 1;
  int32_t status = load(file, bytes);
  if (status != NLR_STATUS_OK) {
    fprintf(stderr, "%s: the model is refused with status %d\n", argv[1], (int)status);
    return 1;
  }
  const int32_t features = (int32_t)nlr_option_value(NLR_OPTION_FEATURES);
  const int32_t logits = (int32_t)nlr_option_value(NLR_OPTION_LOGITS);
  const int32_t outputs = logits > 1 ? logits : 1;
  double value;
  while (next_number(stdin, &value)) {
    for (int32_t i = 0; i < features; i++) {
      if (i > 0 && !next_number(stdin, &value)) {
        fprintf(stderr, "the last row has %d numbers; expected %d\n", (int)i, (int)features);
        return 1;
      }
      (void)core_put_real(nlr_features_ptr(), (uint32_t)i, value);
    }
    (void)core_put_integer(nlr_labels_ptr(), 0, -1);
    status = nlr_predict(1, 0);
    while (status == NLR_STATUS_MORE) status = nlr_step_advance(INT32_MAX);
    if (status != NLR_STATUS_OK) {
      fprintf(stderr, "predicting: status %d\n", (int)status);
      return 1;
    }
    printf("%d", (int)class_of(outputs));
    for (int32_t i = 0; i < outputs; i++) printf(",%.17g", core_real(nlr_outputs_ptr(), (uint32_t)i));
    printf("\n");
  }
  return 0;
}
