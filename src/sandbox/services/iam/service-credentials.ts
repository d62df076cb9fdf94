/** Service-specific credentials: user name and password for one service. */
import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { findUser } from './find';
import { newId, newSecret } from './ids';
import { page } from './paging';
import { existing, present, required, userNameOrCaller } from './params';
import { quotaExceeded, refuse } from './refusals';
import { onUser } from './resources';
import type { ServiceCredential, User } from './state';

const SERVICES = ['codecommit.amazonaws.com', 'cassandra.amazonaws.com', 'bedrock.amazonaws.com'];

function metadata(user: User, credential: ServiceCredential): XmlObject {
  return {
    UserName: user.name,
    Status: credential.active ? 'Active' : 'Inactive',
    ServiceUserName: credential.userName,
    CreateDate: isoDate(credential.createdAt),
    ServiceSpecificCredentialId: credential.id,
    ServiceName: credential.service,
  };
}

function withPassword(user: User, credential: ServiceCredential): XmlObject {
  return { ServiceSpecificCredential: { ...metadata(user, credential), ServicePassword: credential.password } };
}

function find(call: IamCall, user: User): ServiceCredential {
  const id = present(call, 'ServiceSpecificCredentialId');
  const found = user.serviceCredentials.find((one) => one.id === id);
  return found ?? refuse('NoSuchEntity', `The service specific credential with id ${id} cannot be found.`);
}

function create(call: IamCall): XmlObject {
  const user = findUser(call, existing(call, 'UserName'));
  const service = present(call, 'ServiceName');
  if (!SERVICES.includes(service))
    refuse('NotSupportedService', `No such service ${service} is supported for Service Specific Credentials`);
  const same = user.serviceCredentials.filter((one) => one.service === service);
  if (same.length >= call.quotas.serviceCredentials)
    quotaExceeded('ServiceSpecificCredentialsPerUser', call.quotas.serviceCredentials);
  const credential: ServiceCredential = {
    id: newId('ACCA'),
    service,
    userName: `${user.name}-at-${call.account.id}${same.length === 0 ? '' : `+${same.length}`}`,
    password: newSecret(),
    createdAt: call.now(),
    active: true,
  };
  user.serviceCredentials.push(credential);
  return withPassword(user, credential);
}

function list(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const service = call.params.get('ServiceName');
  const chosen = user.serviceCredentials.filter((one) => service === undefined || one.service === service);
  const { items, tail } = page(call, chosen, (one) => one.id);
  return { ServiceSpecificCredentials: { member: items.map((one) => metadata(user, one)) }, ...tail };
}

function reset(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const credential = find(call, user);
  credential.password = newSecret();
  return withPassword(user, credential);
}

export const serviceCredentialOperations: OperationTable = {
  CreateServiceSpecificCredential: { resource: onUser, run: create },
  ListServiceSpecificCredentials: { resource: onUser, run: list },
  ResetServiceSpecificCredential: { resource: onUser, run: reset },
  UpdateServiceSpecificCredential: {
    resource: onUser,
    run: (call) => {
      const status = required(call, 'Status');
      find(call, findUser(call, userNameOrCaller(call))).active = status === 'Active';
    },
  },
  DeleteServiceSpecificCredential: {
    resource: onUser,
    run: (call) => {
      const user = findUser(call, userNameOrCaller(call));
      const credential = find(call, user);
      user.serviceCredentials = user.serviceCredentials.filter((one) => one !== credential);
    },
  },
};
