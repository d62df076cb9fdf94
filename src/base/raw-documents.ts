/** Documents of AWS as they are on the wire, beside what the SDK makes of them. */
/** What of a command is needed to see its answer as it came. */
interface Observable {
  readonly middlewareStack: {
    readonly add: (middleware: never, options: { step: 'deserialize'; priority: 'low'; name: string }) => void;
  };
}

/** The document that an answer was, as text; undefined before there is one. */
export type Captured = () => string | undefined;

/**
 * Keeps the document of a command's answer: the SDK drops what its model does not know, and AWS adds members all the time.
 * A command that is sent again shows the last answer.
 */
export function captureDocument(command: Observable): Captured {
  let document: string | undefined;
  const keep =
    (next: (args: unknown) => Promise<{ readonly response: unknown }>) =>
    async (args: unknown): Promise<unknown> => {
      const result = await next(args);
      const { response } = result;
      if (typeof response === 'object' && response !== null && 'body' in response && isStream(response.body)) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const content = Buffer.concat(chunks);
        document = content.toString('utf8');
        response.body = content;
      }
      return result;
    };
  command.middlewareStack.add(keep as never, { step: 'deserialize', priority: 'low', name: 'captureDocument' });
  return () => document;
}
const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/** What of a command is needed to send another body than the SDK makes. */
interface Sendable {
  readonly middlewareStack: {
    readonly add: (middleware: never, options: { step: 'build'; priority: 'high'; name: string }) => void;
  };
}

/** Makes a command send `body` in the place of what the SDK would make of its input; length and signature follow. */
export function sendAs(command: Sendable, body: string): void {
  const replace =
    (next: (args: { readonly request: unknown }) => Promise<unknown>) => (args: { readonly request: unknown }) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'body' in request) request.body = body;
      return next(args);
    };
  command.middlewareStack.add(replace as never, { step: 'build', priority: 'high', name: 'sendAs' });
}
