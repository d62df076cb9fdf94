import { sweepSeeds } from './sweep';

sweepSeeds(4);
