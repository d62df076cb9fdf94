import { type IncomingHttpHeaders, request } from 'node:http';

export interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface PageRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a browser gets from `http://host/path` when `endpoint` serves that host; fetch() takes no Host. On a connection of its own. */
export function fetchPage(
  endpoint: string,
  host: string,
  path: string,
  { method = 'GET', headers = {} }: PageRequest = {},
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoint}${path}`, { agent: false, method, headers: { ...headers, host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (body += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
