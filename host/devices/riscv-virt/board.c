/*
 * A 32-bit RISC-V microcontroller without a floating-point unit as QEMU's `virt` machine: start, console,
 * counter, reset. Everything lies in RAM; the linker script keeps to a microcontroller's amount of it.
 */
#include "../board-stack.h"
#include "../board.h"

#include <stddef.h>
#include <string.h>

/* Of the linker script. */
extern uint32_t ram_data_start[], ram_data_end[], flash_data_start[], bss_start[], bss_end[];

/* The machine's 16550 serial port: data, line status. */
#define UART_DATA (*(volatile uint8_t *)0x10000000)
#define UART_STATUS (*(volatile uint8_t *)0x10000005)
#define UART_EMPTY 0x20u
/* The machine's test device: writes end or restart it. */
#define TEST_DEVICE (*(volatile uint32_t *)0x00100000)

enum { TEST_PASS = 0x5555, TEST_FAIL = 0x3333, TEST_RESET = 0x7777 };

/* The compiler's name for the processor says nothing of its control registers. */
#define WITH_COUNTERS ".option push\n.option arch, +zicsr\n"

static void put(char character) {
  while ((UART_STATUS & UART_EMPTY) == 0) {
  }
  UART_DATA = (uint8_t)character;
}

void board_put_line(const char *line) {
  while (*line != 0) put(*line++);
  put('\n');
}

uint32_t board_instructions(void) {
  uint32_t count;
  __asm__ volatile(WITH_COUNTERS "csrr %0, instret\n.option pop" : "=r"(count));
  return count;
}

void board_exit(bool success) {
  TEST_DEVICE = success ? TEST_PASS : (1u << 16 | TEST_FAIL);
  for (;;) {
  }
}

void board_reset(void) {
  TEST_DEVICE = TEST_RESET;
  for (;;) {
  }
}

__attribute__((used)) static void trap(void) {
  board_put_line("trap");
  board_exit(false);
}

__attribute__((used)) static void start(void) {
  const uint32_t *frame = __builtin_frame_address(0);
  for (uint32_t *word = stack_limit; word < frame - 16; word++) *word = STACK_PAINT;
  memcpy(ram_data_start, flash_data_start, (size_t)((char *)ram_data_end - (char *)ram_data_start));
  memset(bss_start, 0, (size_t)((char *)bss_end - (char *)bss_start));
  board_main();
}

/* The first instructions: global pointer, stack, trap vector. */
__attribute__((section(".entry"), naked, used)) void entry(void) {
  __asm__ volatile(
    WITH_COUNTERS
    ".option norelax\n"
    "la gp, __global_pointer$\n"
    "la sp, stack_top\n"
    "la t0, 1f\n"
    "csrw mtvec, t0\n"
    ".option pop\n"
    "j start\n"
    ".balign 4\n"
    "1: j trap\n");
}
