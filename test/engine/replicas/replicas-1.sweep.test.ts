import { sweepSeeds } from './sweep';

sweepSeeds(1);
