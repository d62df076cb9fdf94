/** Gives the path under which an operation is shown. */
export const placeOf = (account: string, operationId: string): string =>
  `/v1/s3/${encodeURIComponent(account)}/operations/${operationId}`;
