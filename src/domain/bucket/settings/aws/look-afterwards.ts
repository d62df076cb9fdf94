import { DomainFailure, toDomainError } from '../../../../base/errors';

/** For a look that follows the change of its step: what it finds wrong leaves the effect of the change. */
export async function lookAfterwards<T>(look: Promise<T>): Promise<T> {
  try {
    return await look;
  } catch (thrown) {
    const error = toDomainError(thrown);
    throw new DomainFailure({ ...error, origin: { ...error.origin, effect: 'unknown' } });
  }
}
