import { sweepSeeds } from './sweep';

sweepSeeds(3);
