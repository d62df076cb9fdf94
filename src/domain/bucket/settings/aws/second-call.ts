import { DomainFailure, toDomainError } from '../../../../base/errors';

/** Sends a later call of a step that makes several: what refuses one of them leaves the effect of the first. */
export async function asSecondCall<T>(second: Promise<T>): Promise<T> {
  try {
    return await second;
  } catch (thrown) {
    const error = toDomainError(thrown);
    throw new DomainFailure({ ...error, origin: { ...error.origin, effect: 'unknown' } });
  }
}
