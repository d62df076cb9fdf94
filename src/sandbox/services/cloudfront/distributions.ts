import type { RestReply } from '../../protocol/rest-reply';
import { decodeXml } from '../../protocol/xml-shape';
import { checkAliasesFree, checkReferenceFree } from './alias-rules';
import { type CloudFrontCall, type OperationTable, distributionOf, label, onDistribution, requestTags } from './call';
import { checkConfig } from './config-rules';
import { type DistributionConfig, configWithTagsShape, distributionConfigShape } from './config-shape';
import { withDefaults } from './defaults';
import { page } from './paging';
import { checkIfMatch, refuse } from './refusals';
import { checkShared } from './sharing-rules';
import { type Distribution, type Tag, distributionArn, newDomainName, newId } from './state';
import { readTags } from './tags';
import { distributionSummary, distributionView } from './views';

/** Create, read, update and delete distributions. */

function owned(call: CloudFrontCall): readonly Distribution[] {
  return [...call.state.distributions.values()].filter(({ accountId }) => accountId === call.accountId);
}

function create(call: CloudFrontCall, given: DistributionConfig, tags: readonly Tag[]): RestReply {
  const config = withDefaults(given);
  checkConfig(call, config);
  // Where both are taken, AWS has been seen to name the alias first.
  checkAliasesFree(call, config, undefined);
  checkReferenceFree(call, config);
  checkShared(call, config, undefined);
  if (owned(call).length >= call.options.distributionsPerAccount) {
    refuse(
      'TooManyDistributions',
      'Processing your request would cause you to exceed the maximum number of distributions allowed.',
    );
  }
  const distribution: Distribution = {
    id: newId(),
    accountId: call.accountId,
    partition: call.partition,
    domainName: newDomainName(call.domain),
    createdAt: call.now,
    etag: newId(),
    modifiedAt: call.now,
    deployedAt: call.now + call.options.deploySeconds * 1000,
    config,
    tags,
    invalidations: [],
  };
  call.state.distributions.set(distribution.id, distribution);
  const location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution.id}`;
  return {
    status: 201,
    headers: { etag: distribution.etag, location },
    xml: { root: 'Distribution', value: distributionView(distribution, call.now) },
  };
}

function update(call: CloudFrontCall): RestReply {
  const distribution = distributionOf(call, label(call, 'Id'));
  checkIfMatch(call.ifMatch, distribution.etag);
  const config = withDefaults(decodeXml(call.body, 'DistributionConfig', distributionConfigShape));
  if (config.CallerReference !== distribution.config.CallerReference) {
    refuse('IllegalUpdate', 'The update contains modifications that are not allowed: CallerReference.');
  }
  checkConfig(call, config);
  checkAliasesFree(call, config, distribution);
  checkShared(call, config, distribution);
  distribution.config = config;
  distribution.etag = newId();
  distribution.modifiedAt = call.now;
  distribution.deployedAt = call.now + call.options.deploySeconds * 1000;
  return {
    headers: { etag: distribution.etag },
    xml: { root: 'Distribution', value: distributionView(distribution, call.now) },
  };
}

function remove(call: CloudFrontCall): RestReply {
  const distribution = distributionOf(call, label(call, 'Id'));
  checkIfMatch(call.ifMatch, distribution.etag);
  if (distribution.config.Enabled || call.now < distribution.deployedAt) {
    refuse('DistributionNotDisabled', 'The distribution you are trying to delete has not been disabled.');
  }
  // Told in public reports (aws-nuke#1024); the words are near those.
  if (call.options.onFlatRatePlan.includes(distribution.config.Comment)) {
    refuse(
      'PreconditionFailed',
      "You can't delete this distribution while it's subscribed to a pricing plan. After you cancel the pricing plan, you can delete the distribution at the end of the monthly billing cycle.",
    );
  }
  call.state.distributions.delete(distribution.id);
  call.invalidate(distribution.id, ['/*']);
  return { status: 204 };
}

function list(call: CloudFrontCall): RestReply {
  const { items, head } = page(call, owned(call), ({ id }) => id);
  const Items =
    items.length === 0 ? undefined : { DistributionSummary: items.map((one) => distributionSummary(one, call.now)) };
  return { xml: { root: 'DistributionList', value: { ...head, Items } } };
}

const onNew = (call: CloudFrontCall): string => distributionArn(call, '*');

export const distributionOperations: OperationTable = {
  CreateDistribution: {
    needs: onNew,
    run: (call) => create(call, decodeXml(call.body, 'DistributionConfig', distributionConfigShape), []),
  },
  CreateDistributionWithTags: {
    needs: (call) => {
      const conditions = requestTags(
        readTags(decodeXml(call.body, 'DistributionConfigWithTags', configWithTagsShape).Tags),
      );
      return ['CreateDistribution', 'TagResource'].map((name) => ({
        action: `cloudfront:${name}`,
        resource: onNew(call),
        conditions,
      }));
    },
    run: (call) => {
      const { DistributionConfig: config, Tags: tags } = decodeXml(
        call.body,
        'DistributionConfigWithTags',
        configWithTagsShape,
      );
      return create(call, config, readTags(tags));
    },
  },
  GetDistribution: {
    needs: onDistribution('Id'),
    run: (call) => {
      const found = distributionOf(call, label(call, 'Id'));
      return { headers: { etag: found.etag }, xml: { root: 'Distribution', value: distributionView(found, call.now) } };
    },
  },
  GetDistributionConfig: {
    needs: onDistribution('Id'),
    run: (call) => {
      const found = distributionOf(call, label(call, 'Id'));
      return { headers: { etag: found.etag }, xml: { root: 'DistributionConfig', value: found.config } };
    },
  },
  UpdateDistribution: { needs: onDistribution('Id'), run: update },
  DeleteDistribution: { needs: onDistribution('Id'), run: remove },
  ListDistributions: { needs: () => '*', run: list },
};
