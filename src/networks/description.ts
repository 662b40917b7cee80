import type { ModelSpec } from '../learn/index.js';

/** A network as it can be trained: what it is made of, and why so. */
export interface NetworkDescription {
  readonly name: string;
  /** One or two sentences for people: what distinguishes it, where it comes from. */
  readonly reason: string;
  /** Width and height of the crops that it was laid out for. */
  readonly inputPx: number;
  /**
   * Input `crops` [channels, inputPx, inputPx], output `logits` [classes]; the sigmoid or softmax is added when the
   * network is exported.
   */
  build(channels: number, classes: number): ModelSpec;
}
