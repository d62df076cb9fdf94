import { expectCaught, lintedBeforeAll } from './support/lint';
import { violations } from './support/planted-violations';

/** Rules that need types. The compiler reads all of the project for them, so `npm test` leaves them to `npm run test:full`. */

const typed = violations.filter((planted) => planted.typed === true);

describe('lint rules with types catch', () => {
  expectCaught(typed, lintedBeforeAll(typed));
});
