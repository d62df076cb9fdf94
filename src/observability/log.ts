import { pino } from 'pino';
import { lineWriter } from './line-writer';
import { redact } from './redact';
import { currentRequest } from './request-context';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Fields first, then a fixed sentence: what varies belongs into fields, where redaction sees it. */
export interface LogMethod {
  (fields: object, message: string): void;
  (message: string): void;
}

/** One JSON line a call, on one stream. */
export interface Log {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** Makes a log that writes to the same place, with `fields` on every line. */
  readonly child: (fields: Readonly<Record<string, unknown>>) => Log;
  readonly isEnabled: (level: Level) => boolean;
  /** Takes effect at once, on children, too. */
  readonly setLevel: (level: LogLevel) => void;
  /** Writes out what is buffered before it returns. */
  readonly flush: () => void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Where lines go, each with its newline. Default: stdout, buffered and written asynchronously. */
  readonly destination?: LogDestination;
}

export interface LogDestination {
  readonly write: (line: string) => unknown;
  readonly flushSync?: () => void;
}

/** Standard output, flushed when the process ends. */
function standardOutput(): LogDestination {
  const writer = lineWriter(1);
  process.once('exit', writer.flushSync);
  return writer;
}

type Level = Exclude<LogLevel, 'silent'>;

/** As pino's own `isoTime`, with the text made once a millisecond: many lines fall into one. */
const isoTime = (() => {
  let at = -1;
  let text = '';
  return (): string => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
})();

/**
 * Makes the service's log. Values under secret keys are hidden at any depth; lines written while a request is served
 * carry its `requestId`. Lines reach stdout in batches; what waits is flushed at exit and on `fatal`.
 */
export function createLogger({ level, destination = standardOutput() }: LogOptions): Log {
  const root = pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      // `redact` makes plain data of errors; pino's own serializer would copy their extra members.
      serializers: { err: (value: unknown) => value },
      formatters: { level: (label) => ({ level: label }), log: redact },
      mixin: () => {
        const requestId = currentRequest()?.requestId;
        return requestId === undefined ? {} : { requestId };
      },
    },
    destination,
  );

  /** Children keep their fields here and share the one pino logger, so that a new level reaches all of them. */
  const logWith = (bound: Readonly<Record<string, unknown>>): Log => {
    const method =
      (name: Level): LogMethod =>
      (first: object | string, message?: string): void => {
        if (!root.isLevelEnabled(name)) return;
        if (typeof first === 'string') root[name]({ ...bound }, first);
        else root[name]({ ...bound, ...(first instanceof Error ? { err: first } : first) }, message);
      };
    return Object.freeze({
      trace: method('trace'),
      debug: method('debug'),
      info: method('info'),
      warn: method('warn'),
      error: method('error'),
      fatal: method('fatal'),
      child: (fields) => logWith({ ...bound, ...fields }),
      isEnabled: (name) => root.isLevelEnabled(name),
      setLevel: (name) => {
        root.level = name;
      },
      flush: () => destination.flushSync?.(),
    } satisfies Log);
  };

  return logWith({});
}
