/**
 * Sites on the sandbox's one port, told apart by the Host header: S3 website endpoints, distribution hosts, and the
 * aliases of distributions. Every other host is the API.
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { WireRequest, WireResponse } from '../contract';
import { covers } from '../services/cloudfront/certificates';
import { websiteEndpointOf } from '../services/cloudfront/origin-rules';
import { type CloudFrontState, type Distribution, aliasesOf } from '../services/cloudfront/state';
import { type EdgeDeps, serveDistribution } from './distribution';
import { serveWebsite } from './website';

export interface Edge {
  /** undefined when the host is no site's. */
  readonly answer: (request: WireRequest, ip: string) => WireResponse | undefined;
}

/** An exact alias goes before a wildcard. */
function distributionAt(state: CloudFrontState, host: string): Distribution | undefined {
  const all = [...state.distributions.values()];
  return (
    all.find((one) => one.domainName === host || aliasesOf(one.config).includes(host)) ??
    all.find((one) => aliasesOf(one.config).some((alias) => covers(alias, host)))
  );
}

export function createEdge(deps: EdgeDeps): Edge {
  return {
    answer: (request, ip) => {
      const host = request.host.replace(/:\d+$/, '').replace(/\.$/, '');
      if (host === 'localhost' || isIP(host) !== 0) return undefined;
      const call = { request, ip, requestId: randomBytes(8).toString('hex').toUpperCase() };
      const date = { date: new Date(deps.now()).toUTCString() };
      const site = websiteEndpointOf(host);
      const distribution = site === undefined ? distributionAt(deps.cloudfront, host) : undefined;
      let response: WireResponse;
      if (site !== undefined) response = serveWebsite(deps, site, call);
      else if (distribution !== undefined || /\.cloudfront\.(net|cn)$/.test(host))
        response = serveDistribution(deps, distribution, call);
      else return undefined;
      return { ...response, headers: { ...date, ...response.headers } };
    },
  };
}
