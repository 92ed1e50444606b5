/* What a program asks of the board it runs on; flash.h has its flash. Each board's folder implements this. */
#ifndef NLR_BOARD_H
#define NLR_BOARD_H

#include <stdbool.h>
#include <stdint.h>

/** Puts a line out, without waiting for anyone to read it. */
void board_put_line(const char *line);

/** Instructions since the board started, modulo 2^32: as exact as the emulator counts them. */
uint32_t board_instructions(void);

/** Bytes of the stack that were ever in use since the start. */
uint32_t board_stack_used(void);

/** Bytes of stack there are. */
uint32_t board_stack_size(void);

/** Ends the program; the emulator's exit status tells success. */
_Noreturn void board_exit(bool success);

/** Starts the board anew as a power cut does: registers and ordinary RAM are lost, flash stays. */
_Noreturn void board_reset(void);

/** The program. It ends with board_exit, or board_reset. */
_Noreturn void board_main(void);

#endif
