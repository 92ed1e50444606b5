/*
 * A Cortex-M4F as QEMU's netduinoplus2 (STM32F405): start, semihosting, counter, reset.
 * See ARM DDI 0403 (ARMv7-M), B1.5 for the start and B3.2 for the system control block.
 */
#include "../board-stack.h"
#include "../board.h"

#include <stddef.h>
#include <string.h>

/* Of the linker script. */
extern uint32_t ram_data_start[], ram_data_end[], flash_data_start[], bss_start[], bss_end[];

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* Application interrupt and reset control: SYSRESETREQ behind its key. */
#define AIRCR REGISTER(0xE000ED0C)
/* Coprocessor access control: full access to the FPU. */
#define CPACR REGISTER(0xE000ED88)
/* A 32-bit timer. QEMU drives it at 1 GHz, which with `-icount shift=0` is one count an instruction. */
#define TIM2_CR1 REGISTER(0x40000000)
#define TIM2_CNT REGISTER(0x40000024)
#define TIM2_ARR REGISTER(0x4000002C)

enum semihosting { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20 };

static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_put_line(const char *line) {
  semihost(SYS_WRITE0, line);
  semihost(SYS_WRITE0, "\n");
}

uint32_t board_instructions(void) {
  return TIM2_CNT;
}

void board_exit(bool success) {
  /* ADP_Stopped_ApplicationExit, and the status. */
  const uint32_t block[2] = {0x20026, success ? 0 : 1};
  semihost(SYS_EXIT_EXTENDED, block);
  for (;;) {
  }
}

void board_reset(void) {
  AIRCR = 0x05FA0004;
  for (;;) {
  }
}

static void fault(void) {
  board_put_line("fault");
  board_exit(false);
}

static void start(void) {
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  for (uint32_t *word = stack_limit; word < (uint32_t *)__builtin_frame_address(0) - 16; word++) *word = STACK_PAINT;
  memcpy(ram_data_start, flash_data_start, (size_t)((char *)ram_data_end - (char *)ram_data_start));
  memset(bss_start, 0, (size_t)((char *)bss_end - (char *)bss_start));
  TIM2_ARR = 0xffffffff;
  TIM2_CR1 = 1;
  board_main();
}

/* Initial stack, reset, then the faults; nothing here interrupts. */
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
  stack_top, (const void *)start, (const void *)fault, (const void *)fault,
  (const void *)fault, (const void *)fault, (const void *)fault,
};
