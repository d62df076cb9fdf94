import { errors, failure } from '../../support/errors';
import { answer, definePlan, type Plan, type StepScope, type StepSpec } from '../../../src/engine/plan';
import type { Recipe, Recovery } from '../../../src/engine/recipe';
import { gonePolicy } from '../../../src/engine/retry';
import type { Aws, Caller, Thing } from './aws';

/** What is asked for. */
export type Task = {
  readonly kind: 'create' | 'delete' | 'update' | 'add-key' | 'reset-keys';
  readonly name: string;
  /** Its last step before the answer, or its pivot, is refused for good. */
  readonly fails: boolean;
  /** It has to do with what all of them share. */
  readonly wide: boolean;
};

type Seen = { readonly [path: string]: Thing };
export type TaskRecipe = Recipe<Seen, string>;
type Step<T> = StepSpec<Record<never, never>, T>;

const RECOVERY: Readonly<Record<Task['kind'], Recovery>> = {
  create: 'forward',
  update: 'forward',
  delete: 'forward-after-pivot',
  'add-key': 'back',
  'reset-keys': 'back',
};

export const claimOf = (path: string): string => `demo/${path.split('/', 1)[0] ?? ''}`;
/** What a creation makes, besides the thing itself. */
export const partsOf = ({ name, wide }: Task): readonly string[] => [
  `${name}/policy`,
  ...(wide ? [`group/${name}`] : []),
  `${name}/role/1`,
  `${name}/role/2`,
];
const contentOf = (operationId: string): string => `of ${operationId}`;

/** Makes the recipe of a task for whoever calls. `isCareless`: planted, undos take away what is there, whoever made it. */
export function recipeOf(task: Task, aws: Aws, caller: Caller, isCareless = false): TaskRecipe {
  const { kind, name, fails, wide } = task;
  const keys = `${name}/key/`;
  const look = async (): Promise<Seen> => {
    const [own, group] = await Promise.all([aws.list(caller, name), aws.read(caller, `group/${name}`)]);
    return { ...Object.fromEntries(own), ...(group && { [`group/${name}`]: group }) };
  };

  const make = (path: string, mark: string): Step<string> => ({
    title: `Make ${path}`,
    run: async () => {
      await aws.make(caller, path, { mark, content: contentOf(mark) });
      return path;
    },
    alreadyDone: async () => {
      const there = await aws.read(caller, path);
      if (there && there.mark !== mark) throw failure(errors.exists);
      return there && { result: path };
    },
    undo: async () => {
      const there = await aws.read(caller, path);
      if (there && (isCareless || there.mark === mark)) await aws.remove(caller, path);
    },
  });
  const remove = (path: string, mark: string | null, putBack?: Thing): Step<string> => ({
    title: `Remove ${path}`,
    retry: gonePolicy,
    run: async () => {
      await aws.remove(caller, path);
      return path;
    },
    alreadyDone: async () => {
      const there = await aws.read(caller, path);
      return there && there.mark === mark ? undefined : { result: path };
    },
    ...(putBack && {
      undo: async () => {
        if (!(await aws.read(caller, path))) await aws.make(caller, path, putBack);
      },
    }),
  });
  const refuse: Step<void> = {
    title: 'Refuse',
    run: async () => {
      await aws.read(caller, name);
      if (fails) throw failure(errors.denied);
    },
  };

  const newKeys = async (seen: Seen): Promise<readonly string[]> =>
    (await aws.list(caller, keys)).flatMap(([path]) => (path in seen ? [] : [path]));
  const burnNew = async (seen: Seen): Promise<void> => {
    for (const path of await newKeys(seen)) await aws.remove(caller, path);
  };

  const plans: Readonly<Record<Task['kind'], (seen: Seen, id: string) => Plan<string>>> = {
    create: (seen, id) => {
      if (Object.keys(seen).some((path) => !path.startsWith(keys))) throw failure(errors.exists);
      return definePlan(kind, kind, (step) => {
        const whole = step(make(name, id));
        const [policy = '', ...more] = partsOf(task);
        const grown = step({
          ...make(policy, id),
          after: [whole],
          more: (add) => {
            for (const path of more) add(make(path, id));
          },
        });
        step({ ...refuse, after: [grown] });
        return answer({ whole }, (results) => results.whole);
      });
    },
    delete: (seen) => {
      const ours = Object.entries(seen).filter(([, { mark }]) => mark !== null);
      const found = seen[name];
      if (!found?.mark) throw failure(errors.notFound);
      const policy = seen[`${name}/policy`];
      return definePlan(kind, kind, (step) => {
        const hidden = policy?.mark ? [step(remove(`${name}/policy`, policy.mark, policy))] : [];
        const asked = step({ ...refuse, after: hidden });
        const pivot = step({ ...remove(name, found.mark), pivot: true, after: [asked] });
        const rest = step({
          title: 'Look what is left',
          after: [pivot],
          run: async () => {
            const left = new Map((await aws.list(caller, name)).map(([path, { mark }]) => [path, mark]));
            return ours.flatMap(([path, { mark }]) =>
              path !== name && (path.startsWith('group/') || left.get(path) === mark) ? [{ path, mark }] : [],
            );
          },
          more: (add, left) => {
            for (const { path, mark } of left) add(remove(path, mark));
          },
        });
        return answer({ rest }, () => 'gone');
      });
    },
    update: (seen, id) => {
      const before = seen[name];
      if (before === undefined || before.mark === null) throw failure(errors.notFound);
      return definePlan(kind, kind, (step) => {
        const set = step({
          title: 'Set it',
          run: async () => {
            await aws.set(caller, name, contentOf(id));
            return 'set';
          },
          undo: async () => {
            const there = await aws.read(caller, name);
            if (there && (isCareless || there.content === contentOf(id))) await aws.set(caller, name, before.content);
          },
        });
        step({ ...refuse, after: [set] });
        return answer({ set }, (results) => results.set);
      });
    },
    'add-key': (seen) => mint(seen),
    'reset-keys': (seen) => mint(seen),
  };
  const mint = (seen: Seen): Plan<string> =>
    definePlan(kind, kind, (step) => {
      const key = step({
        title: 'Make a key',
        run: async (_, { memory }: StepScope) => {
          if (memory.get('sent') === true) await burnNew(seen);
          memory.set('sent', true);
          return aws.mint(caller, keys);
        },
        undo: () => burnNew(seen),
      });
      step({ ...refuse, after: [key] });
      return answer({ key }, (results) => results.key);
    });

  const follow = (some: readonly (readonly [string, string | null])[]) =>
    definePlan('then', 'Then', (step) => {
      for (const [path, mark] of some) step(remove(path, mark));
      return answer({}, () => undefined);
    });
  return {
    kind,
    title: `${kind} ${name}`,
    version: 1,
    input: task,
    claims: [claimOf(name), ...(wide && kind === 'create' ? ['demo/group'] : [])],
    recovery: RECOVERY[kind],
    look,
    claimsAfterLook: (seen) => (kind === 'delete' && `group/${name}` in seen ? ['demo/group'] : []),
    plan: (seen, id) => plans[kind](seen, id),
    ...((kind === 'add-key' || kind === 'reset-keys') && {
      afterwards: (key: string, delivered: boolean, seen: Seen, id: string) => {
        if (!delivered) return { plan: follow([[key, id]]), error: errors.unreachable };
        const old = Object.entries(seen).filter(([path]) => path.startsWith(keys));
        return kind === 'reset-keys' ? { plan: follow(old.map(([path, { mark }]) => [path, mark])) } : undefined;
      },
    }),
  };
}
