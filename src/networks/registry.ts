import { UsageError } from '../common/index.js';
import { ATTENTIVE_RESIDUAL, ATTENTIVE_RESIDUAL_96 } from './attentive-residual.js';
import { COMPACT_RESIDUAL } from './compact-residual.js';
import type { NetworkDescription } from './description.js';
import { STUDY_NETWORKS } from './study-networks.js';

/** All networks that can be trained, by name. */
export const NETWORKS: ReadonlyMap<string, NetworkDescription> = new Map(
  [COMPACT_RESIDUAL, ATTENTIVE_RESIDUAL, ATTENTIVE_RESIDUAL_96, ...STUDY_NETWORKS].map((network) => [
    network.name,
    network,
  ]),
);

/** @throws UsageError `unknown-network` */
export function networkNamed(name: string): NetworkDescription {
  const network = NETWORKS.get(name);
  if (network !== undefined) return network;
  throw new UsageError(
    'unknown-network',
    `unknown network "${name}": expected one of ${[...NETWORKS.keys()].join(', ')}`,
  );
}
