import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../../src/config/normalise';
import type { FaultTarget } from '../../../src/sandbox/faults';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start';
import { type Running, startProgram } from './program-process';
import { DOMAIN, SANDBOX_CERTIFICATE } from './site';
import { heldIn, STORE_BUCKET } from './store-bucket';
import { accounts } from './target';
import { ORG, TOKEN } from './world';

/** An AWS that survives the services that come and go, on either store of operations. */

const ZONE = 'Z0KILLEXAMPLEORG';

export type StoreKind = 'file' | 's3';

export interface Mortal {
  readonly sandbox: Sandbox;
  readonly start: () => Promise<Running>;
  /** With the file store: at which change of the folder (`before 3`, `after 3`, `never`) the process that runs kills itself. */
  readonly order: (when: string) => void;
  /** Forgets the order; gives how many changes there were since. */
  readonly changes: () => number;
  /** Records that operations hold. */
  readonly records: () => readonly string[];
  /** Resolves when no operation holds a record of the bucket any more; rejects when one still does after so long. */
  readonly quiet: (withinMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface MortalOptions {
  readonly store?: StoreKind;
  /** Of `operations` in the configuration, beside the store. */
  readonly times?: Readonly<Record<string, number>>;
  /** Seconds from SIGTERM until what still runs is left behind. */
  readonly graceSeconds?: number;
}

/** Times with which a replica that died is known to be dead soon. */
const SHORT_TIMES = { leaseSeconds: 4, heartbeatSeconds: 0.5, scanSeconds: 0.2, callTimeoutSeconds: 2 };

/** Whether a call to AWS is one to the store. */
export const isOfStore = ({ request }: Pick<FaultTarget, 'request'>): boolean =>
  request.rawPath.startsWith(`/${STORE_BUCKET}`);

/** A sandbox in this process and a place for operations. */
export async function startMortal({
  store = 'file',
  times = {},
  graceSeconds = 30,
}: MortalOptions = {}): Promise<Mortal> {
  const { demo } = accounts;
  const sandbox = await startSandbox({
    accounts: [{ ...demo, name: 'demo' }],
    cloudfront: { deploySeconds: 0 },
    hostedZones: [{ accountId: demo.id, id: ZONE, name: DOMAIN }],
    certificates: [{ accountId: demo.id, arn: SANDBOX_CERTIFICATE, domainName: `*.${DOMAIN}` }],
    ...(store === 's3' && { buckets: [{ accountId: demo.id, name: STORE_BUCKET, region: 'us-east-1' }] }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'mallard-kill-'));
  const path = join(folder, 'operations');
  const operations =
    store === 'file'
      ? { store, path }
      : { store, account: 'demo', bucket: STORE_BUCKET, prefix: 'operations/', ...SHORT_TIMES };
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      listenAddress: '127.0.0.1:0',
      org: ORG,
      shutdownGraceSeconds: graceSeconds,
      tokens: [{ id: 'all', sha256: digestOf(TOKEN) }],
      operations: { ...operations, ...times },
      accounts: {
        demo: {
          id: demo.id,
          region: 'us-east-1',
          akid: demo.accessKeyId,
          secret: demo.secretAccessKey,
          endpoint: sandbox.endpoint,
          pathStyle: true,
          domains: { [DOMAIN]: { hostedZoneID: ZONE } },
        },
      },
    }),
  );
  const alive = new Set<Running>();
  const orderFile = join(folder, 'order');
  const killing = { preload: join(__dirname, 'kill-at-write.cjs'), env: { KILL_ORDER: orderFile, KILL_IN: path } };
  const inFolder = (): readonly string[] =>
    existsSync(path) ? readdirSync(path).filter((name) => /^claims.*\.json$/.test(name)) : [];
  const records = store === 'file' ? inFolder : () => heldIn(sandbox.state.take());
  return {
    sandbox,
    start: async () => {
      const running = await startProgram(config, store === 'file' ? killing : {});
      alive.add(running);
      void running.ended.then(() => alive.delete(running));
      return running;
    },
    order: (when) => writeFileSync(orderFile, when),
    changes: () => {
      const counted = existsSync(`${orderFile}.count`) ? Number(readFileSync(`${orderFile}.count`, 'utf8')) : 0;
      for (const file of [orderFile, `${orderFile}.count`]) rmSync(file, { force: true });
      return counted;
    },
    records,
    quiet: (withinMs) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        // Whoever looks after what is left asks the store again and again.
        const watch = sandbox.faults.add({
          kind: 'reset',
          matching: (call) => {
            if (!isOfStore(call)) return false;
            const held = records();
            const isLate = performance.now() - startedAt > withinMs;
            if (held.length > 0 && !isLate) return false;
            watch.remove();
            if (held.length === 0) resolve();
            else reject(new Error(`after ${String(withinMs)} ms ${held.join(', ')} are held`));
            return false;
          },
        });
      }),
    stop: async () => {
      for (const running of [...alive]) {
        running.kill();
        await running.ended;
      }
      await sandbox.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
