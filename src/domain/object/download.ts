import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import { attachment } from '../../base/attachment';
import { checkKey, keyIn } from './rules/keys';
import type { LifeQuery } from './rules/shapes';
import { sign } from './sign';

interface Query extends LifeQuery {
  /** The name that a browser saves the object under. */
  readonly downloadAs?: string;
}

/** Signs a download of one object. */
export const signDownload = lookup({
  ids: { bucket: ['signDownload', 'signStorageDownload'], website: 'signWebsiteDownload' },
  subject: whole,
  object: (target) => keyIn(target),
  check: (_, target) => checkKey(keyIn(target)),
  read: (context, target, query: Query) => {
    const { downloadAs } = query;
    const disposition = downloadAs === undefined ? undefined : attachment(downloadAs);
    return sign(context, target, keyIn(target), { kind: 'download', disposition }, query);
  },
});
