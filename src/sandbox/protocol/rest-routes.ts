/** Routes of REST services: method, path with labels, and query members that tell operations apart. */
import { AwsRefusal, type WireRequest } from '../contract';

export interface RouteMatch {
  readonly operation: string;
  /** Decoded path labels by name. */
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly names: readonly string[];
  readonly query: readonly (readonly [string, string | undefined])[];
}

/** `POST /a/{Id}/b?Key=Value&Flag`; a trailing slash in requests is of no account. */
function parseRoute(operation: string, template: string): Route {
  const [method = '', target = ''] = template.split(' ');
  const [path = '', query = ''] = target.split('?');
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const members = query === '' ? [] : query.split('&').map((member) => member.split('='));
  return {
    operation,
    method,
    path: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)').replaceAll('.', '\\.')}/?$`),
    names,
    query: members.map(([name = '', value]) => [name, value]),
  };
}

function decode(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw new AwsRefusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** Finds the route of a request; undefined when there is none. Routes that ask for query members go first. */
export function createRouter(
  templates: Readonly<Record<string, string>>,
): (request: WireRequest) => RouteMatch | undefined {
  const routes = Object.entries(templates)
    .map(([operation, template]) => parseRoute(operation, template))
    .sort((left, right) => right.query.length - left.query.length);
  return (request) => {
    for (const route of routes) {
      if (route.method !== request.method) continue;
      const match = route.path.exec(request.rawPath);
      const queried = route.query.every(
        ([name, value]) => request.query.has(name) && (value === undefined || request.query.get(name) === value),
      );
      if (match === null || !queried) continue;
      const labels = Object.fromEntries(route.names.map((name, index) => [name, decode(match[index + 1] ?? '')]));
      return { operation: route.operation, labels };
    }
    return undefined;
  };
}
