import { LOCATIONS, LOCATIONS_FRENCH } from '../../common/index.js';
import type { Channel } from '../../imaging/index.js';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Everything that the page says; one dictionary a language, so that none can lack an entry. */
export interface Words {
  readonly title: string;
  readonly subtitle: string;
  readonly choose: string;
  readonly chooseText: string;
  readonly chooseButton: string;
  readonly example: string;
  readonly language: string;
  readonly channels: Readonly<Record<Channel | 'composite' | 'image', string>>;
  readonly noFile: string;
  readonly fieldName: string;
  readonly pixelSize: string;
  readonly pixelSizeHint: string;
  readonly threshold: string;
  readonly send: string;
  readonly privateMode: string;
  readonly privateHint: string;
  readonly privateLoading: string;
  readonly privateReady: string;
  readonly privateFailed: string;
  readonly fields: string;
  readonly remove: string;
  readonly stages: Readonly<Record<string, string>>;
  readonly prediction: string;
  readonly confidence: string;
  readonly noCell: string;
  readonly cellCount: (count: number) => string;
  readonly seconds: (seconds: string) => string;
  readonly warnings: string;
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
  readonly pointer: string;
  readonly cell: (cell: number) => string;
  readonly cellTitle: string;
  readonly noCellChosen: string;
  readonly runnerUp: string;
  readonly why: string;
  readonly whyText: string;
  readonly whyWorking: string;
  readonly scores: string;
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
  readonly charts: string;
  readonly meanScores: string;
  readonly variation: string;
  readonly compare: string;
  readonly compareText: string;
  readonly exports: string;
  readonly figure: string;
  readonly corrections: string;
  readonly correct: string;
  readonly correctText: string;
  readonly deleteCell: string;
  readonly save: string;
  readonly saved: string;
  readonly undo: string;
  readonly key: string;
  readonly keyText: string;
  readonly problems: Readonly<Record<string, string>>;
  readonly locations: readonly string[];
}

const en: Words = {
  title: 'Cytolocus',
  subtitle: 'From four images to a place in every cell',
  choose: 'Choose the images of one or more fields of view',
  chooseText:
    'Drop the images here: red (microtubules), green (protein), blue (nuclei), yellow (endoplasmic reticulum). PNG, JPEG or TIFF, one file a channel, or one OME-TIFF.',
  chooseButton: 'Choose images',
  example: 'Try an example (synthetic)',
  language: 'Language',
  channels: {
    microtubules: 'Microtubules (red)',
    protein: 'Protein (green)',
    nuclei: 'Nuclei (blue)',
    er: 'Endoplasmic reticulum (yellow)',
    composite: 'Composite',
    image: 'OME-TIFF',
  },
  noFile: 'none',
  fieldName: 'Field',
  pixelSize: 'Pixel size (µm)',
  pixelSizeHint: "empty: the atlas's scale",
  threshold: 'A location is called from this score on',
  send: 'Locate the protein',
  privateMode: 'Private mode',
  privateHint: 'The images do not leave this browser',
  privateLoading: 'The network is being loaded …',
  privateReady: 'Private mode is on: nothing leaves this browser, and it works offline.',
  privateFailed: 'The network could not be loaded; private mode is off.',
  fields: 'Fields of view',
  remove: 'Remove',
  stages: {
    sending: 'Sending the images',
    queued: 'Waiting',
    read: 'Images read, outlining the cells',
    segmented: 'Cells outlined, locating the protein',
    classified: 'Protein located',
    done: 'Done',
    failed: 'Failed',
  },
  prediction: 'Prediction',
  confidence: 'Confidence',
  noCell: 'No cell was found',
  cellCount: (count) => (count === 1 ? '1 cell' : `${count} cells`),
  seconds: (seconds) => `${seconds} s`,
  warnings: 'Notes on this field',
  viewer: 'Viewer',
  viewerHelp:
    'Drag to move, wheel or + and - to zoom, arrows to move, 0 to fit; click a cell to see its scores.',
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
  pointer: 'Under the pointer',
  cell: (cell) => `Cell ${cell}`,
  cellTitle: 'The cell',
  noCellChosen: 'Click a cell in the picture or choose it in the table.',
  runnerUp: 'Runner-up',
  why: 'Why?',
  whyText: 'Bright squares speak for this location: what they show adds to its score.',
  whyWorking: 'Working it out …',
  scores: 'Scores of all locations',
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
  charts: 'The field in figures',
  meanScores: 'Mean score of each location; the line shows how much the cells differ (standard deviation)',
  variation: 'variation',
  compare: 'Compare fields',
  compareText: 'Mean score of each location',
  exports: 'Download',
  figure: 'Figure (PNG)',
  corrections: 'Training table of the corrected cells',
  correct: 'Correct this cell',
  correctText: 'Choose its true locations, or say that it is no cell.',
  deleteCell: 'This is no cell',
  save: 'Save',
  saved: 'Saved.',
  undo: 'Take the correction back',
  key: 'API key',
  keyText: 'This server asks for a key.',
  problems: {},
  locations: LOCATIONS,
};

const fr: Words = {
  title: 'Cytolocus',
  subtitle: 'De quatre images à une place dans chaque cellule',
  choose: "Veuillez sélectionner toutes les images d'un ou de plusieurs champs",
  chooseText:
    'Déposez les images ici : rouge (microtubules), vert (protéine), bleu (noyaux), jaune (réticulum endoplasmique). PNG, JPEG ou TIFF, un fichier par canal, ou un OME-TIFF.',
  chooseButton: 'Choisir des images',
  example: 'Essayer un exemple (synthétique)',
  language: 'Langue',
  channels: {
    microtubules: 'Microtubules (rouge)',
    protein: 'Protéine (vert)',
    nuclei: 'Noyaux (bleu)',
    er: 'Réticulum endoplasmique (jaune)',
    composite: 'Composite',
    image: 'OME-TIFF',
  },
  noFile: 'aucun',
  fieldName: 'Champ',
  pixelSize: 'Taille du pixel (µm)',
  pixelSizeHint: "vide : l'échelle de l'atlas",
  threshold: 'Une localisation est retenue à partir de ce score',
  send: 'Localiser la protéine',
  privateMode: 'Mode privé',
  privateHint: 'Les images ne quittent pas ce navigateur',
  privateLoading: 'Chargement du réseau …',
  privateReady: 'Mode privé activé : rien ne quitte ce navigateur, et il fonctionne hors ligne.',
  privateFailed: "Le réseau n'a pas pu être chargé ; le mode privé est désactivé.",
  fields: 'Champs',
  remove: 'Retirer',
  stages: {
    sending: 'Envoi des images',
    queued: 'En attente',
    read: 'Images lues, contours des cellules en cours',
    segmented: 'Contours tracés, localisation de la protéine',
    classified: 'Protéine localisée',
    done: 'Terminé',
    failed: 'Échec',
  },
  prediction: 'Prédiction',
  confidence: 'Confiance',
  noCell: "Aucune cellule n'a été trouvée",
  cellCount: (count) => (count === 1 ? '1 cellule' : `${count} cellules`),
  seconds: (seconds) => `${seconds} s`,
  warnings: 'Remarques sur ce champ',
  viewer: 'Visionneuse',
  viewerHelp:
    'Glisser pour déplacer, molette ou + et - pour zoomer, flèches pour déplacer, 0 pour tout voir ; cliquer une cellule pour ses scores.',
  brightness: 'Luminosité',
  gamma: 'Gamma',
  outlines: 'Contours des cellules',
  nucleusOutlines: 'Contours des noyaux',
  colourBy: 'Colorer les cellules',
  colourNone: 'non',
  colourLocation: 'par localisation',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  fit: 'Champ entier',
  pointer: 'Sous le pointeur',
  cell: (cell) => `Cellule ${cell}`,
  cellTitle: 'La cellule',
  noCellChosen: "Cliquez une cellule dans l'image ou choisissez-la dans le tableau.",
  runnerUp: 'En second',
  why: 'Pourquoi ?',
  whyText: 'Les carrés clairs parlent pour cette localisation : ce qu’ils montrent augmente son score.',
  whyWorking: 'Calcul en cours …',
  scores: 'Scores de toutes les localisations',
  cells: 'Cellules',
  area: 'Aire (µm²)',
  nucleusArea: 'Noyau (µm²)',
  location: 'Localisation',
  score: 'Score',
  edge: 'Au bord',
  edgeYes: 'oui',
  filterLocation: 'Montrer les cellules avec',
  all: 'toute localisation',
  leastScore: 'Score minimal',
  charts: 'Le champ en chiffres',
  meanScores:
    'Score moyen de chaque localisation ; le trait montre combien les cellules diffèrent (écart type)',
  variation: 'variation',
  compare: 'Comparer les champs',
  compareText: 'Score moyen de chaque localisation',
  exports: 'Télécharger',
  figure: 'Figure (PNG)',
  corrections: "Table d'apprentissage des cellules corrigées",
  correct: 'Corriger cette cellule',
  correctText: "Choisissez ses vraies localisations, ou dites que ce n'est pas une cellule.",
  deleteCell: "Ce n'est pas une cellule",
  save: 'Enregistrer',
  saved: 'Enregistré.',
  undo: 'Annuler la correction',
  key: "Clé d'accès",
  keyText: 'Ce serveur demande une clé.',
  problems: {
    'channel-missing': 'Il manque un canal : rouge, vert et bleu sont nécessaires.',
    'channel-size': "Les images d'un champ doivent avoir la même taille.",
    'channel-colour': "Une image en couleurs n'est pas un canal seul ; donnez une image grise par canal.",
    'file-empty': 'Un fichier est vide (0 octet).',
    'file-too-large': 'Un fichier est trop grand pour ce serveur.',
    'image-damaged': 'Une image est tronquée ou endommagée ; procurez-vous le fichier à nouveau.',
    'image-format': "Un fichier n'est pas une image PNG, JPEG ou TIFF.",
    'image-too-large': 'Une image a trop de pixels pour ce serveur.',
    'image-trailing-data': "Des données suivent la fin d'une image ; enregistrez-la de nouveau.",
    'queue-full': 'Le serveur est occupé ; réessayez dans un moment.',
    'server-unreachable': 'Le serveur ne répond pas.',
    'key-needed': 'Une clé est nécessaire.',
    'job-timeout': 'Le champ a demandé trop de temps.',
    internal: "Une erreur inattendue s'est produite dans le serveur.",
  },
  locations: LOCATIONS_FRENCH,
};

export const WORDS: Readonly<Record<Language, Words>> = { en, fr };

/** The browser's language where the page speaks it. */
export function browserLanguage(): Language {
  return navigator.languages.some((tag) => tag.startsWith('fr')) && !navigator.language.startsWith('en')
    ? 'fr'
    : 'en';
}
