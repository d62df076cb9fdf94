import { killScenarios } from '../support/e2e/kill-scenarios';
import { testKills } from '../support/e2e/kill-suite';

testKills('file', killScenarios);
