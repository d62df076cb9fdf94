/** How the program ends; sysexits.h where it has a word for it. */
export const EXIT = {
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** The address is taken, or AWS did not answer `--check=live`. */
  unavailable: 69,
  /** A bug. */
  software: 70,
  /** The configuration is wrong. */
  config: 78,
} as const;

/** 128 + the signal's number, as shells report a process that a signal ended. */
export const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;
