/**
 * Writes docs/networks.md: the classifiers that can be trained, why each is as it is, and how large:
 *   npx tsx scripts/describe-networks.ts
 */
import { writeFile } from 'node:fs/promises';
import { LOCATIONS } from '../src/common/index.js';
import { CHANNELS } from '../src/imaging/index.js';
import { NETWORKS, networkSize } from '../src/networks/index.js';

const rows = [...NETWORKS.values()].map((network) => {
  const { parameters, megaFlop } = networkSize(network, CHANNELS.length, LOCATIONS.length);
  const { name, inputPx, reason } = network;
  return `| \`${name}\` | ${inputPx} px | ${parameters.toLocaleString('en')} | ${megaFlop.toFixed(0)} | ${reason} |`;
});
const page = `# Networks

Classifiers that \`cytolocus train classifier --network NAME\` trains, for crops of ${CHANNELS.length} channels and ${LOCATIONS.length} locations. MFLOP counts the
multiplications and additions of convolutions and dense layers for one crop. The study (eight networks on crops of single cells)
names what distinguishes its networks and leaves their sizes open: layers, filters and units are ours.

Made by \`npx tsx scripts/describe-networks.ts\`; test/networks/registry.test.ts compares it with the networks.

| network | crop | weights | MFLOP | why |
|---|---|---|---|---|
${rows.join('\n')}
`;
await writeFile(new URL('../docs/networks.md', import.meta.url), page);
