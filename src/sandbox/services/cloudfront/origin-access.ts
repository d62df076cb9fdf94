import type { RestReply } from '../../protocol/rest-reply';
import type { XmlObject } from '../../protocol/xml';
import { decodeXml } from '../../protocol/xml-shape';
import { type CloudFrontCall, type OperationTable, label } from './call';
import { itemsOf } from './counted';
import { type OriginAccessControlConfig, originAccessShape } from './origin-access-shape';
import { page } from './paging';
import { checkIfMatch, refuse } from './refusals';
import { type OriginAccessControl, arnRoot, newId } from './state';

/** Origin access controls: how CloudFront signs its requests to a bucket. */

function controlOf(call: CloudFrontCall): OriginAccessControl {
  const found = call.state.accessControls.get(label(call, 'Id'));
  if (found?.accountId !== call.accountId)
    return refuse('NoSuchOriginAccessControl', 'The origin access control does not exist.');
  return found;
}

const owned = (call: CloudFrontCall): readonly OriginAccessControl[] =>
  [...call.state.accessControls.values()].filter(({ accountId }) => accountId === call.accountId);

/** Names are unique in an account. */
function readConfig(call: CloudFrontCall, self: OriginAccessControl | undefined): OriginAccessControlConfig {
  const config = decodeXml(call.body, 'OriginAccessControlConfig', originAccessShape);
  if (config.Name === '' || config.Name.length > 64) refuse('InvalidArgument', 'The parameter Name is not valid.');
  if (owned(call).some((other) => other !== self && other.config.Name === config.Name)) {
    refuse(
      'OriginAccessControlAlreadyExists',
      'An origin access control with the specified parameters already exists.',
    );
  }
  return { ...config, Description: config.Description ?? '' };
}

const view = ({ id, config }: OriginAccessControl): XmlObject => ({ Id: id, OriginAccessControlConfig: config });

const shown = (control: OriginAccessControl): RestReply => ({
  headers: { etag: control.etag },
  xml: { root: 'OriginAccessControl', value: view(control) },
});

function create(call: CloudFrontCall): RestReply {
  const config = readConfig(call, undefined);
  if (owned(call).length >= call.options.accessControlsPerAccount)
    refuse(
      'TooManyOriginAccessControls',
      'The number of origin access controls in your account exceeds the maximum allowed.',
    );
  const made: OriginAccessControl = { id: newId(), accountId: call.accountId, etag: newId(), config };
  call.state.accessControls.set(made.id, made);
  return { ...shown(made), status: 201 };
}

function update(call: CloudFrontCall): RestReply {
  const control = controlOf(call);
  checkIfMatch(call.ifMatch, control.etag);
  control.config = readConfig(call, control);
  control.etag = newId();
  return shown(control);
}

function remove(call: CloudFrontCall): RestReply {
  const control = controlOf(call);
  checkIfMatch(call.ifMatch, control.etag);
  const used = [...call.state.distributions.values()].some(({ config }) =>
    itemsOf('Origin', config.Origins).some((origin) => origin.OriginAccessControlId === control.id),
  );
  if (used)
    refuse(
      'OriginAccessControlInUse',
      'Cannot delete the origin access control because it is in use by one or more distributions.',
    );
  call.state.accessControls.delete(control.id);
  return { status: 204 };
}

function list(call: CloudFrontCall): RestReply {
  const { items, head } = page(call, owned(call), ({ id }) => id);
  const Items =
    items.length === 0
      ? undefined
      : { OriginAccessControlSummary: items.map(({ id, config }) => ({ Id: id, ...config })) };
  return { xml: { root: 'OriginAccessControlList', value: { ...head, Items } } };
}

const onControl = (call: CloudFrontCall): string => `${arnRoot(call)}origin-access-control/${label(call, 'Id')}`;

export const originAccessOperations: OperationTable = {
  CreateOriginAccessControl: { needs: () => '*', run: create },
  GetOriginAccessControl: { needs: onControl, run: (call) => shown(controlOf(call)) },
  GetOriginAccessControlConfig: {
    needs: onControl,
    run: (call) => {
      const { etag, config } = controlOf(call);
      return { headers: { etag }, xml: { root: 'OriginAccessControlConfig', value: config } };
    },
  },
  UpdateOriginAccessControl: { needs: onControl, run: update },
  DeleteOriginAccessControl: { needs: onControl, run: remove },
  ListOriginAccessControls: { needs: () => '*', run: list },
};
