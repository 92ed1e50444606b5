/* Linear memory that is too short: said by paper_prepare, and where a program does not ask, trapped. */
#include "board.h"
#include "core.h"
#include "paper.h"
#include "text.h"

void core_trapped(const char *reason) {
  struct text line = {0};
  text_add(&line, "trapped: ");
  text_add(&line, reason);
  board_put_line(line.line);
  board_exit(true);
}

void board_main(void) {
  if (!core_open()) board_exit(false);
  const struct paper_training training = {.rule = NLR_RULE_NLR, .engine = NLR_ENGINE_SAMPLES, .seed = 1};
  if (paper_prepare(&training) == NLR_STATUS_OUT_OF_MEMORY) board_put_line("refused: out of memory");
  const uint32_t end = core_memory_bytes();
  if (core_memory(end - 4, 4) == 0 || core_memory(end - 3, 4) != 0 || core_memory(0xfffffffc, 8) != 0) {
    board_put_line("core_memory is wrong");
    board_exit(false);
  }
  (void)nlr_init();
  board_put_line("went on beyond the end");
  board_exit(false);
}
