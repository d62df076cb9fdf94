import type { ClientOptions, ClientProvisioning } from '../../domain/desks/client-service';
import type { ClientTool } from '../../domain/client/rules/client-file';
import { asBucket, asWebsite, type Holder } from '../../domain/shared/holder';
import { attachment } from '../disposition';
import { send } from '../send';
import type { AccountHandlers, Call } from '../types';

/** Bookmarks and configurations of other people's clients, for buckets and websites alike. */
export function clientHandlers(provisioning: ClientProvisioning): AccountHandlers {
  return { ...handlersOf(provisioning, 'Bucket', asBucket), ...handlersOf(provisioning, 'Website', asWebsite) };
}

/** `noun`: as it stands in the operationIds. */
function handlersOf(
  provisioning: ClientProvisioning,
  noun: 'Bucket' | 'Website',
  as: (name: string) => Holder,
): AccountHandlers {
  return {
    [`bookmark${noun}`]: async (call, res) => {
      const text = await provisioning.bookmark(call.account, as(call.name), optionsOf(call));
      res.setHeader('Content-Disposition', attachment(`${call.name}.duck`));
      send(res, 200, 'application/octet-stream', text);
    },

    [`configure${noun}Client`]: async (call, res) => {
      // openapi.yaml lists the tools, and the path has been checked against it.
      const tool = call.params['tool'] as ClientTool;
      const file = await provisioning.clientFile(call.account, as(call.name), tool, optionsOf(call));
      res.setHeader('Content-Disposition', attachment(file.name));
      send(res, 200, file.type, file.text);
    },
  };
}

const optionsOf = ({ query: { path, user } }: Call): ClientOptions => ({
  ...(path !== undefined && { path }),
  ...(user !== undefined && { user }),
});
