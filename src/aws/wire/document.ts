import { Readable } from 'node:stream';

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
      if (
        typeof response === 'object' &&
        response !== null &&
        'body' in response &&
        response.body instanceof Readable
      ) {
        const chunks: Buffer[] = [];
        for await (const chunk of response.body) chunks.push(Buffer.from(chunk as Uint8Array));
        const content = Buffer.concat(chunks);
        document = content.toString('utf8');
        response.body = Readable.from([content]);
      }
      return result;
    };
  command.middlewareStack.add(keep as never, { step: 'deserialize', priority: 'low', name: 'captureDocument' });
  return () => document;
}
