/** Networks: what they are made of, what their files say about themselves, and how a trained one is run. Platform-neutral. */
export { type Classifier, loadClassifier } from './classifier.js';
export type { NetworkDescription } from './description.js';
export { type ClassifierMetadata, decodeMetadata, encodeMetadata, FORMAT_VERSION } from './metadata.js';
export { NETWORKS, networkNamed } from './registry.js';
