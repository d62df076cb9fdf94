import { fail } from '../../base/errors';

/** What operations were is known here: nobody else has to be asked, and no session is opened. */
export const askHistoryOnly = (): never => fail({ kind: 'unforeseen', detail: 'the history gave no answer' });
