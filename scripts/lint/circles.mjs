// Prints the circles of src's import graph as JSON, one group of files each; [] when there are none.
import process from 'node:process';
import { circles, importGraph } from './graph.mjs';

process.stdout.write(`${JSON.stringify(circles(importGraph()))}\n`);
