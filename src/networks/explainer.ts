import { LOCATIONS, ModelError } from '../common/index.js';
import { type Runtime, readOnnxMetadata } from '../engine/index.js';
import { openContributions } from '../learn/index.js';
import { type ClassifierMetadata, decodeMetadata } from './metadata.js';
import { NETWORKS } from './registry.js';

/** Says which parts of a crop speak for a location. */
export interface Explainer {
  readonly metadata: ClassifierMetadata;
  /** Size of the maps: that of the network's last planes, which are far coarser than the crop. */
  readonly width: number;
  readonly height: number;
  /**
   * What each part of a crop adds to the location's score before its sigmoid (see `openContributions`): above 0 for the location, below
   * 0 against it.
   * @param crop cut with `metadata.crop`
   */
  explain(crop: Float32Array, location: number): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Opens a classifier's file for explanation.
 * @throws ModelError `explain-unsupported` where the network is none that this program builds, `model-*` as `loadClassifier`
 */
export async function loadExplainer(runtime: Runtime, modelBytes: Uint8Array): Promise<Explainer> {
  const metadata = decodeMetadata(readOnnxMetadata(modelBytes));
  const network = NETWORKS.get(metadata.network);
  if (network === undefined) {
    throw new ModelError(
      'explain-unsupported',
      `explanation: the classifier's network "${metadata.network}" is unknown; expected one of ${[...NETWORKS.keys()].join(', ')}`,
    );
  }
  const model = network.build(metadata.crop.channels.length, LOCATIONS.length);
  const { width, height, map, release } = await openContributions(runtime, model, modelBytes);
  return { metadata, width, height, explain: map, release };
}
