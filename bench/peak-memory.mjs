// Loaded into a measured process with `node --import`: leaves its highest resident memory (KiB) in the file named by
// CYTOLOCUS_PEAK_MEMORY_FILE when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.CYTOLOCUS_PEAK_MEMORY_FILE, `${process.resourceUsage().maxRSS}`);
});
