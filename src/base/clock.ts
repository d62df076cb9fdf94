/** Time, injected: nothing in the engine or in provisioning reads the system clock or sleeps by itself. */
export interface Clock {
  /** Wall time in milliseconds since the epoch; for what people read. */
  now(): number;
  /** Monotonic milliseconds; for durations and leases. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};
