import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
} from '@aws-sdk/client-route-53';
import { refusalOf } from '../../support/sandbox/start';
import { type WebSandbox, ZONE, startWebSandbox } from '../web';

describe('Route 53 hosted zones', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
  });
  afterEach(() => web.stop());

  const create = (name: string, reference = name) =>
    web.route53().send(new CreateHostedZoneCommand({ Name: name, CallerReference: reference }));

  test('one is made with NS and SOA, and deleted while it has no others', async () => {
    const { HostedZone: zone, DelegationSet: servers } = await create('Example.NET');
    expect(zone).toMatchObject({ Name: 'example.net.', ResourceRecordSetCount: 2 });
    expect(servers?.NameServers).toHaveLength(4);
    const record = { Name: 'a.example.net', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] } as const;
    const change = (Action: 'CREATE' | 'DELETE'): Promise<unknown> =>
      web.route53().send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zone?.Id,
          ChangeBatch: {
            Changes: [{ Action, ResourceRecordSet: { ...record, ResourceRecords: [...record.ResourceRecords] } }],
          },
        }),
      );
    await change('CREATE');
    const remove = (): Promise<unknown> => web.route53().send(new DeleteHostedZoneCommand({ Id: zone?.Id }));
    expect(await refusalOf(remove())).toMatchObject({ code: 'HostedZoneNotEmpty', status: 400 });
    await change('DELETE');
    await remove();
    expect(await refusalOf(web.route53().send(new GetHostedZoneCommand({ Id: zone?.Id })))).toMatchObject({
      code: 'NoSuchHostedZone',
      status: 404,
    });
  });

  test('a caller reference is taken once; a name must be one', async () => {
    await create('a.org', 'same');
    expect(await refusalOf(create('b.org', 'same'))).toMatchObject({ code: 'HostedZoneAlreadyExists', status: 409 });
    expect(await refusalOf(create('a..org'))).toMatchObject({ code: 'InvalidDomainName', status: 400 });
  });

  test('listings page by id and by name', async () => {
    await create('zoo.com');
    await create('alpha.com');
    const first = await web.route53().send(new ListHostedZonesCommand({ MaxItems: 2 }));
    const second = await web.route53().send(new ListHostedZonesCommand({ Marker: first.NextMarker }));
    expect([...(first.HostedZones ?? []), ...(second.HostedZones ?? [])]).toHaveLength(3);
    const byName = await web.route53().send(new ListHostedZonesByNameCommand({ DNSName: 'example.org', MaxItems: 1 }));
    expect(byName).toMatchObject({ HostedZones: [{ Id: `/hostedzone/${ZONE.id}` }], IsTruncated: false });
    const start = await web.route53().send(new ListHostedZonesByNameCommand({ MaxItems: 1 }));
    expect(start).toMatchObject({ HostedZones: [{ Name: 'alpha.com.' }], IsTruncated: true, NextDNSName: 'zoo.com.' });
  });

  test('AWS-FACTS Route 53: five requests a second for an account, when asked for', async () => {
    await web.stop();
    web = await startWebSandbox({
      route53: { requestsPerSecond: 5 },
      clock: { now: () => Math.floor(Date.now() / 600_000) * 600_000 },
    });
    const read = (): Promise<unknown> => web.route53().send(new GetHostedZoneCommand({ Id: ZONE.id }));
    for (let count = 0; count < 5; count += 1) await read();
    expect(await refusalOf(read())).toMatchObject({ code: 'Throttling', status: 400, message: 'Rate exceeded' });
  });
});
