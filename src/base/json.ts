export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What JSON keeps of a value: dates become text, functions are lost. */
export type AsJson<T> = T extends JsonValue | undefined
  ? T
  : T extends Date
    ? string
    : T extends (...given: never) => unknown
      ? never
      : T extends object
        ? { [K in keyof T]: AsJson<T[K]> }
        : unknown extends T
          ? T
          : never;

/** Writes a time as ISO-8601 in UTC; milliseconds only where there are some, as AWS writes it. */
export function textOfTime(time: Date): string {
  return time.toISOString().replace(/\.000Z$/, 'Z');
}

/** Gives a value as it comes back from its JSON. */
export function throughJson<T>(value: T): AsJson<T> {
  const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, name: string, shown: unknown) {
    const whole = this[name];
    return whole instanceof Date ? textOfTime(whole) : shown;
  });
  return JSON.parse(text) as AsJson<T>;
}
