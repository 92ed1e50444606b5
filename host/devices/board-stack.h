/* How much of its stack a program has used: the start code paints it, what lost its paint was in use. */
#ifndef NLR_BOARD_STACK_H
#define NLR_BOARD_STACK_H

#include <stdint.h>

/** From the linker script. */
extern uint32_t stack_limit[], stack_top[];

#define STACK_PAINT 0x5aa5c33cu

#endif
