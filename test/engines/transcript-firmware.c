/* The interpreter of scripts as firmware: the scripts are linked in, their transcripts go to the console. */
#include "board.h"
#include "core.h"
#include "transcript.h"

/** Of the file that is generated from the cases: scripts, and a null pointer behind the last. */
extern const char *const transcript_scripts[];

void core_trapped(const char *reason) {
  board_put_line("trap");
  board_put_line(reason);
  board_exit(false);
}

void board_main(void) {
  for (const char *const *script = transcript_scripts; *script != 0; script++) {
    board_put_line("module of the firmware");
    transcript_run(*script, board_put_line);
  }
  board_exit(true);
}
