import { LOCATIONS } from '../../../common/index.js';
import { MESSAGES_EN } from './messages-en.js';
import type { Words } from './words.js';

export const EN: Words = {
  ...MESSAGES_EN,
  title: 'Cytolocus',
  subtitle: 'From four images to a place in every cell',
  language: 'Language',
  percent: (share) => `${(100 * share).toFixed(2)}\u00a0%`,

  choose: 'Choose the images of one or more fields of view',
  chooseText:
    'Drop the images here: red (microtubules), green (protein), blue (nuclei), yellow (endoplasmic reticulum). PNG, JPEG or TIFF, one file a channel, or one OME-TIFF.',
  chooseButton: 'Choose images',
  example: 'Try an example (synthetic)',
  channels: {
    microtubules: 'Microtubules (red)',
    protein: 'Protein (green)',
    nuclei: 'Nuclei (blue)',
    er: 'ER (yellow)',
    composite: 'Composite',
    image: 'OME-TIFF',
  },
  fieldName: 'Field',
  pixelSize: 'Pixel size (µm)',
  pixelSizeHint: "empty: the atlas's scale",
  send: 'Locate the protein',

  privateMode: 'Private mode',
  privateHint: 'The images do not leave this browser',
  privateLoading: 'The network is being loaded …',
  privateReady: 'Private mode is on: nothing leaves this browser, and it works offline.',
  privateFailed:
    'The network could not be loaded, so nothing can be located here. Switch private mode off, or off and on to try again.',
  devices: {
    cpu: 'The processor computes (WebAssembly).',
    webgpu: 'The graphics processor computes (WebGPU).',
  },

  fields: 'Fields of view',
  fieldsKept: 'Images and results stay in this browser until you remove them.',
  fieldsNotKept: 'This browser keeps nothing: when you close or reload the page, these fields are gone.',
  remove: 'Remove',
  retry: 'Try again',
  key: 'API key',
  stages: {
    sending: 'Sending the images',
    busy: 'The server is busy; the field is sent as soon as it has room',
    queued: 'Waiting',
    read: 'Images read, outlining the cells',
    segmented: 'Cells outlined, locating the protein',
    classified: 'Protein located',
    done: 'Done',
    failed: 'Failed',
  },

  prediction: 'Prediction:',
  confidence: 'confidence:',
  noCell: 'No cell was found',
  cellCount: (count) => (count === 1 ? '1 cell' : `${count} cells`),
  seconds: (seconds) => `${seconds.toFixed(1)} s`,
  scale: (um, assumed) =>
    `${Number(um.toPrecision(3))} µm a pixel${assumed ? ", assumed: the atlas's scale" : ''}`,
  notes: 'Notes on this field',
  keptHere: 'What you see was kept in this browser; corrections stay here.',

  viewer: 'Viewer',
  viewerHelp:
    'Drag to move, wheel or + and − to zoom, arrows to move, 0 for the whole field; click a cell, or n and p for the next and the previous one.',
  brightness: 'Brightness',
  gamma: 'Gamma',
  outlines: 'Cell outlines',
  nucleusOutlines: 'Nucleus outlines',
  colourBy: 'Colour the cells',
  colourNone: 'not at all',
  colourLocation: 'by location',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Whole field',

  cell: (cell) => `Cell ${cell}`,
  cellTitle: 'The cell',
  noCellChosen: 'Click a cell in the picture or choose it in the table.',
  runnerUp: 'Runner-up:',
  why: 'Why?',
  whyText: 'Bright squares speak for this location: what they show adds to its score.',
  whyWorking: 'Working it out …',
  scores: 'Scores of all locations',

  correct: 'Correct this cell',
  correctText: 'Choose its true locations, or say that it is no cell.',
  deleteCell: 'This is no cell',
  save: 'Save',
  undo: 'Take the correction back',
  saving: 'Saving …',
  saved: 'Saved.',
  savedHere: 'Kept in this browser.',
  notSaved: 'Your corrections are in this browser, but not saved on the server.',
  corrected: 'corrected',
  noCellMark: 'no cell',

  cells: 'Cells',
  area: 'Area (µm²)',
  nucleusArea: 'Nucleus (µm²)',
  location: 'Location',
  score: 'Score',
  edge: 'At the border',
  edgeYes: 'yes',
  filterLocation: 'Show cells with',
  all: 'any location',
  leastScore: 'Score at least',
  cellsShown: (shown, all) => `${shown} of ${all} cells`,

  charts: 'The field in figures',
  meanScores:
    'Bars: mean score of each location over the cells (± standard deviation). Ticks: the single cells.',
  compare: 'Compare fields',
  compareText: 'Mean score of each location',

  exports: 'Download',
  figure: 'Figure (PNG), as shown',
  corrections: 'Training tables of the corrected cells',

  locations: LOCATIONS,
};
