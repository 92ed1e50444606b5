/* See board-stack.h. */
#include "board-stack.h"

#include "board.h"

uint32_t board_stack_size(void) {
  return (uint32_t)((char *)stack_top - (char *)stack_limit);
}

uint32_t board_stack_used(void) {
  const uint32_t *lowest = stack_limit;
  while (lowest < stack_top && *lowest == STACK_PAINT) lowest++;
  return (uint32_t)((char *)stack_top - (const char *)lowest);
}
