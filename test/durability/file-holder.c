/* Takes a file, writes a word into it many times over, says so, and waits for the end of its input: `file-holder PATH WORD`. */
#include "own-file.h"

#include <stdio.h>
#include <string.h>

int main(int count, char *words[]) {
  static char bytes[1 << 16];
  if (count != 3) return 2;
  if (!own_file(words[1])) {
    perror(words[1]);
    return 1;
  }
  if (own_file(words[1])) return 3;
  memset(bytes, words[2][0], sizeof bytes);
  for (int i = 0; i < 20; i++) {
    if (write_own_file(bytes, sizeof bytes)) continue;
    perror(words[1]);
    return 1;
  }
  puts("written");
  fflush(stdout);
  while (getchar() != EOF) {}
  return 0;
}
