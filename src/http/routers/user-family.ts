import type { Holder } from '../../domain/shared/holder';

/** Whose users: what the path's name stands for, and what comes before `User` in the operationIds. */
export interface UserFamily {
  readonly as: (name: string) => Holder;
  readonly prefix: '' | 'Website';
}
