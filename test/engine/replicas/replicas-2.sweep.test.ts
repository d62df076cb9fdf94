import { sweepSeeds } from './sweep';

sweepSeeds(2);
