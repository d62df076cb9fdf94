import { checkLive } from '../../../src/main/check-live';
import { createSessions } from '../../../src/aws/session';
import { eagerClock } from './clock';
import { ORG, type World } from './world';

/** What `--check=live` says of the account `demo`, and whether all is well. */
export async function checkedLive(world: Pick<World, 'config'>) {
  const sessions = createSessions({ clock: eagerClock, org: ORG });
  try {
    const { ok, lines } = await checkLive(world.config, sessions);
    return { ok, line: lines.find((line) => line.startsWith('demo:')) };
  } finally {
    sessions.destroy();
  }
}
