import type { Channel } from '../../../imaging/index.js';
import type { Messages } from './messages.js';

/** Everything that the page says; one dictionary a language, so that none can lack an entry. */
export interface Words extends Messages {
  readonly title: string;
  readonly subtitle: string;
  readonly language: string;
  /** A share as per cent with two digits. */
  readonly percent: (share: number) => string;

  readonly choose: string;
  readonly chooseText: string;
  readonly chooseButton: string;
  readonly example: string;
  readonly channels: Readonly<Record<Channel | 'composite' | 'image', string>>;
  readonly unnamedChannel: (number: number) => string;
  readonly channelOpen: string;
  readonly channelUnused: string;
  /** What is still to be said of an OME-TIFF's channels. */
  readonly sayChannels: (missing: string) => string;
  readonly sayEr: string;
  readonly fieldName: string;
  readonly pixelSize: string;
  readonly pixelSizeHint: string;
  readonly send: string;

  readonly privateMode: string;
  readonly privateHint: string;
  readonly privateLoading: string;
  readonly privateReady: string;
  readonly privateFailed: string;
  /** What computes the scores. */
  readonly devices: Readonly<Record<'cpu' | 'webgpu', string>>;

  readonly fields: string;
  readonly fieldsKept: string;
  readonly fieldsNotKept: string;
  readonly remove: string;
  readonly retry: string;
  readonly key: string;
  readonly stages: Readonly<Record<string, string>>;

  readonly prediction: string;
  readonly confidence: string;
  readonly noCell: string;
  readonly cellCount: (count: number) => string;
  readonly seconds: (seconds: number) => string;
  readonly scale: (pixelSizeUm: number, assumed: boolean) => string;
  readonly notes: string;
  readonly keptHere: string;

  readonly viewer: string;
  readonly viewerHelp: string;
  readonly brightness: string;
  readonly gamma: string;
  readonly outlines: string;
  readonly nucleusOutlines: string;
  readonly colourBy: string;
  readonly colourNone: string;
  readonly colourLocation: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;

  readonly cell: (cell: number) => string;
  readonly cellTitle: string;
  readonly noCellChosen: string;
  readonly runnerUp: string;
  readonly why: string;
  readonly whyText: string;
  readonly whyWorking: string;
  readonly scores: string;

  readonly correct: string;
  readonly correctText: string;
  readonly deleteCell: string;
  readonly save: string;
  readonly undo: string;
  readonly saving: string;
  readonly saved: string;
  readonly savedHere: string;
  readonly notSaved: string;
  readonly corrected: string;
  readonly noCellMark: string;

  readonly cells: string;
  readonly area: string;
  readonly nucleusArea: string;
  readonly location: string;
  readonly score: string;
  readonly edge: string;
  readonly edgeYes: string;
  readonly filterLocation: string;
  readonly all: string;
  readonly leastScore: string;
  readonly cellsShown: (shown: number, all: number) => string;

  readonly charts: string;
  readonly meanScores: string;
  readonly compare: string;
  readonly compareText: string;

  readonly exports: string;
  readonly figure: string;
  readonly corrections: string;

  readonly locations: readonly string[];
}
