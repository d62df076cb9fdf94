/** How the program ends; sysexits.h where it has a word for it. */
export const EXIT = {
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** The address is taken, or `--check=live` failed for an account: AWS is silent, refuses the credentials, or they are another account's. */
  unavailable: 69,
  /** A bug. */
  software: 70,
  /** The configuration is wrong. */
  config: 78,
} as const;

/** 128 + the signal's number, as shells report a process that a signal ended. */
export const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;
