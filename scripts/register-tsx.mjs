// Loaded into a worker thread that runs from source: lets it import TypeScript. `--import tsx` does so in main threads
// only (tsx 4.23, Node 20).
import { register } from 'tsx/esm/api';

register();
