import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { findUser } from './find';
import { booleanOf, existing, present, userNameOrCaller } from './params';
import { refuse } from './refusals';
import { onUser } from './resources';
import type { User } from './state';

type Profile = NonNullable<User['loginProfile']>;

function profileOf(user: User): Profile {
  return user.loginProfile ?? refuse('NoSuchEntity', `Login Profile for User ${user.name} cannot be found.`);
}

function view(user: User, profile: Profile): XmlObject {
  return {
    LoginProfile: {
      UserName: user.name,
      CreateDate: isoDate(profile.createdAt),
      PasswordResetRequired: profile.resetRequired,
    },
  };
}

/** AWS's default password policy. Passwords are checked, never kept: nobody can sign in to the sandbox. */
function checkPassword(password: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[!@#$%^&*()_+\-=[\]{}|']/].filter((kind) => kind.test(password)).length;
  if (password.length < 8 || password.length > 128 || kinds < 3) {
    refuse('PasswordPolicyViolation', 'Password does not conform to the account password policy.');
  }
}

function create(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  if (user.loginProfile !== undefined)
    refuse('EntityAlreadyExists', `Login Profile for user ${user.name} already exists.`);
  checkPassword(present(call, 'Password'));
  user.loginProfile = { createdAt: call.now(), resetRequired: booleanOf(call, 'PasswordResetRequired') };
  return view(user, user.loginProfile);
}

function update(call: IamCall): void {
  const profile = profileOf(findUser(call, existing(call, 'UserName')));
  const password = call.params.get('Password');
  if (password !== undefined) checkPassword(password);
  if (call.params.get('PasswordResetRequired') !== undefined)
    profile.resetRequired = booleanOf(call, 'PasswordResetRequired');
}

export const loginProfileOperations: OperationTable = {
  CreateLoginProfile: { resource: onUser, run: create },
  GetLoginProfile: {
    resource: onUser,
    run: (call) => {
      const user = findUser(call, userNameOrCaller(call));
      return view(user, profileOf(user));
    },
  },
  UpdateLoginProfile: { resource: onUser, run: update },
  DeleteLoginProfile: {
    resource: onUser,
    run: (call) => {
      const user = findUser(call, userNameOrCaller(call));
      profileOf(user);
      delete user.loginProfile;
    },
  },
};
