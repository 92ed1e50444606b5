/* The interpreter of scripts for everything that core.h reaches; script.ts has the language. */
#ifndef NLR_TRANSCRIPT_H
#define NLR_TRANSCRIPT_H

/** Runs a script and hands its transcript over, line by line. */
void transcript_run(const char *script, void (*put_line)(const char *line));

#endif
