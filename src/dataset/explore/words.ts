import { LOCATIONS, LOCATIONS_FRENCH } from '../../common/index.js';
import type { Masking } from '../../crops/index.js';
import type { Balance } from '../balance.js';

/** Languages of the page. */
export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Everything that the page says; one dictionary a language, so that none can lack an entry. */
export interface Words {
  readonly title: string;
  /** Names of the 19 locations, by class id. */
  readonly locations: readonly string[];
  readonly source: string;
  /** After the first few of a list. */
  readonly more: (count: string) => string;
  readonly fact: string;
  readonly value: string;
  readonly images: string;
  readonly labels: string;
  readonly labelled: string;
  readonly unlabelled: string;
  readonly repeated: string;
  readonly imagesWithoutLabel: string;
  readonly labelsWithoutImage: string;
  readonly fields: string;
  readonly fieldsWithoutCells: string;
  readonly problems: string;
  readonly cells: string;
  readonly labelCounts: string;
  readonly labelCountsText: string;
  readonly location: string;
  readonly alone: string;
  readonly withOthers: string;
  readonly imagesWith: string;
  readonly share: string;
  readonly labelsPerImage: string;
  readonly togetherTitle: string;
  readonly togetherText: string;
  readonly combinations: string;
  readonly combination: string;
  readonly balance: string;
  readonly balanceText: (samples: string) => string;
  readonly balanceChart: string;
  readonly methods: Readonly<Record<Balance, string>>;
  readonly drawn: string;
  readonly mostRepeats: string;
  readonly imbalance: string;
  readonly folds: string;
  readonly foldsText: string;
  readonly fold: (index: number) => string;
  readonly cellsPerField: string;
  readonly cropStatistics: string;
  readonly cropStatisticsText: string;
  readonly boxHeight: string;
  readonly boxWidth: string;
  readonly statistics: readonly [
    count: string,
    mean: string,
    std: string,
    min: string,
    q25: string,
    median: string,
    q75: string,
    max: string,
  ];
  readonly sizeTitle: string;
  readonly sizeText: (cells: number, tolerated: string) => string;
  readonly sizeTextWithoutDetail: string;
  readonly advised: (sizePx: number) => string;
  readonly allLoseMore: string;
  readonly size: string;
  readonly shrunk: string;
  readonly enlarged: string;
  readonly detailLost: string;
  readonly singleGallery: string;
  readonly multiGallery: string;
  readonly unlabelledGallery: string;
  readonly galleryText: string;
  readonly cell: string;
  readonly maskingTitle: string;
  readonly maskingText: string;
  /** Why a store's crops are shown in one masking only. */
  readonly maskingOfStore: (masking: string) => string;
  readonly maskings: Readonly<Record<Masking, string>>;
  readonly proteinOnly: string;
}

const ENGLISH: Words = {
  title: 'A look at the data set',
  locations: LOCATIONS,
  source: 'source',
  more: (count) => `and ${count} more`,
  fact: 'fact',
  value: 'value',
  images: 'images',
  labels: 'labels',
  labelled: 'labelled images',
  unlabelled: 'images without any of the 19 locations',
  repeated: 'images whose label names a location twice',
  imagesWithoutLabel: 'images without a label, left out of the label counts',
  labelsWithoutImage: 'labels without an image, left out',
  fields: 'fields of view',
  fieldsWithoutCells: 'fields without a cell',
  problems: 'fields that could not be read',
  cells: 'cells',
  labelCounts: 'Labels',
  labelCountsText:
    'Labels are counted as the table writes them: a label that names a location twice counts twice there, and its image ' +
    'once under “images”. “Alone” is an image whose label names that location and nothing else.',
  location: 'location',
  alone: 'alone',
  withOthers: 'with others',
  imagesWith: 'images',
  share: 'share of images',
  labelsPerImage: 'Labels per image',
  togetherTitle: 'Locations that go together',
  togetherText: 'How many images have both locations; on the diagonal, those that have the one.',
  combinations: 'Most frequent combinations',
  combination: 'combination',
  balance: 'Balance',
  balanceText: (samples) =>
    `What an epoch of ${samples} would hold: how much each location counts (samples times weights), before and after ` +
    'each method. A sample with several locations counts for each.',
  balanceChart: 'How much each location counts in an epoch',
  methods: {
    none: 'none (before)',
    undersample: 'undersample',
    oversample: 'oversample',
    'class-weights': 'class weights',
    'sample-weights': 'sample weights',
    'multi-label': 'multi-label',
  },
  drawn: 'samples an epoch',
  mostRepeats: 'most repeats of one sample',
  imbalance: 'most frequent / rarest',
  folds: 'Folds',
  foldsText:
    'Five folds, stratified over the locations: labelled images that each fold judges. No image is in two.',
  fold: (index) => `fold ${index}`,
  cellsPerField: 'Cells per field of view',
  cropStatistics: 'Boxes of the cells',
  cropStatisticsText: 'Height and width of the smallest box around each cell, in pixels of the field.',
  boxHeight: 'height, px',
  boxWidth: 'width, px',
  statistics: ['count', 'mean', 'std', 'min', '25 %', '50 %', '75 %', 'max'],
  sizeTitle: 'Size of the crops',
  sizeText: (cells, tolerated) =>
    'A square around each cell, with its margin, brought to each size: which share of the cells shrinks, which is ' +
    `enlarged, and which share of the detail (energy of ${cells} cells drawn at random) lies above the crop’s Nyquist ` +
    `limit and is lost. Noise counts as detail, so the loss is an upper bound. Advised: the smallest size that loses at ` +
    `most ${tolerated}.`,
  sizeTextWithoutDetail:
    'A square around each cell’s box brought to each size: which share of the cells shrinks, and which is enlarged. What ' +
    'detail that would cost is not measured: the crops of a store are resized already. Explore the fields for it.',
  advised: (sizePx) => `Advised size: ${sizePx} px`,
  allLoseMore: 'Every one of these sizes loses more than that; the largest loses least.',
  size: 'size, px',
  shrunk: 'shrunk',
  enlarged: 'enlarged',
  detailLost: 'detail lost',
  singleGallery: 'Cells of images with one label',
  multiGallery: 'Cells of images with several labels',
  unlabelledGallery: 'Cells',
  galleryText:
    'Microtubules red, protein green, nuclei blue, endoplasmic reticulum yellow. Labels belong to the whole image: not ' +
    'every cell shows them.',
  cell: 'cell',
  maskingTitle: 'The three maskings',
  maskingText:
    'The same cells, cut out with all their surroundings, without the other cells’ pixels, and alone.',
  maskingOfStore: (masking) =>
    `The crops of this store are cut already, with the masking “${masking}”: what it took away cannot be shown. Explore the ` +
    'fields to see the three side by side.',
  maskings: { none: 'none', neighbours: 'neighbours', full: 'full' },
  proteinOnly: 'protein alone',
};

const FRENCH: Words = {
  title: 'Un regard sur les données',
  locations: LOCATIONS_FRENCH,
  source: 'source',
  more: (count) => `et ${count} autres`,
  fact: 'fait',
  value: 'valeur',
  images: 'images',
  labels: 'étiquettes',
  labelled: 'images étiquetées',
  unlabelled: 'images sans aucune des 19 localisations',
  repeated: 'images dont l’étiquette nomme deux fois une localisation',
  imagesWithoutLabel: 'images sans étiquette, laissées hors des comptes d’étiquettes',
  labelsWithoutImage: 'étiquettes sans image, laissées de côté',
  fields: 'champs',
  fieldsWithoutCells: 'champs sans cellule',
  problems: 'champs illisibles',
  cells: 'cellules',
  labelCounts: 'Étiquettes',
  labelCountsText:
    'Les étiquettes sont comptées telles que la table les écrit\u00a0: une localisation nommée deux fois y compte deux fois, ' +
    'et son image une fois sous «\u00a0images\u00a0». «\u00a0Seule\u00a0»\u00a0: l’étiquette de l’image ne nomme que cette localisation.',
  location: 'localisation',
  alone: 'seule',
  withOthers: 'avec d’autres',
  imagesWith: 'images',
  share: 'part des images',
  labelsPerImage: 'Étiquettes par image',
  togetherTitle: 'Localisations qui vont ensemble',
  togetherText:
    'Nombre d’images portant les deux localisations\u00a0; sur la diagonale, celles qui portent la localisation.',
  combinations: 'Combinaisons les plus fréquentes',
  combination: 'combinaison',
  balance: 'Équilibre',
  balanceText: (samples) =>
    `Ce que contiendrait une époque de ${samples}\u00a0: le poids de chaque localisation (exemples fois pondération), avant ` +
    'et après chaque méthode. Un exemple à plusieurs localisations compte pour chacune.',
  balanceChart: 'Poids de chaque localisation dans une époque',
  methods: {
    none: 'aucune (avant)',
    undersample: 'sous-échantillonnage',
    oversample: 'sur-échantillonnage',
    'class-weights': 'poids par localisation',
    'sample-weights': 'poids par exemple',
    'multi-label': 'multi-étiquettes',
  },
  drawn: 'exemples par époque',
  mostRepeats: 'répétitions d’un exemple, au plus',
  imbalance: 'la plus fréquente / la plus rare',
  folds: 'Plis',
  foldsText:
    'Cinq plis stratifiés selon les localisations\u00a0: images étiquetées que chaque pli évalue. Aucune image n’est dans deux.',
  fold: (index) => `pli ${index}`,
  cellsPerField: 'Cellules par champ',
  cropStatistics: 'Boîtes des cellules',
  cropStatisticsText:
    'Hauteur et largeur de la plus petite boîte autour de chaque cellule, en pixels du champ.',
  boxHeight: 'hauteur, px',
  boxWidth: 'largeur, px',
  statistics: ['nombre', 'moyenne', 'écart type', 'min', '25\u00a0%', '50\u00a0%', '75\u00a0%', 'max'],
  sizeTitle: 'Taille des vignettes',
  sizeText: (cells, tolerated) =>
    'Un carré autour de chaque cellule, avec sa marge, ramené à chaque taille\u00a0: part des cellules réduites, part des ' +
    `cellules agrandies, et part du détail (énergie de ${cells} cellules tirées au hasard) au-dessus de la limite de ` +
    'Nyquist de la vignette, donc perdue. Le bruit compte comme du détail\u00a0: la perte est une borne supérieure. Taille ' +
    `conseillée\u00a0: la plus petite qui perd au plus ${tolerated}.`,
  sizeTextWithoutDetail:
    'Un carré autour de la boîte de chaque cellule, ramené à chaque taille\u00a0: part des cellules réduites, part des ' +
    'cellules agrandies. Le détail perdu n’est pas mesuré\u00a0: les vignettes d’un dépôt sont déjà redimensionnées. ' +
    'Explorez les champs pour le connaître.',
  advised: (sizePx) => `Taille conseillée\u00a0: ${sizePx} px`,
  allLoseMore: 'Chacune de ces tailles perd davantage\u00a0; la plus grande perd le moins.',
  size: 'taille, px',
  shrunk: 'réduites',
  enlarged: 'agrandies',
  detailLost: 'détail perdu',
  singleGallery: 'Cellules d’images à une étiquette',
  multiGallery: 'Cellules d’images à plusieurs étiquettes',
  unlabelledGallery: 'Cellules',
  galleryText:
    'Microtubules en rouge, protéine en vert, noyaux en bleu, réticulum endoplasmique en jaune. L’étiquette vaut pour ' +
    'toute l’image\u00a0: chaque cellule ne la montre pas forcément.',
  cell: 'cellule',
  maskingTitle: 'Les trois masquages',
  maskingText:
    'Les mêmes cellules, découpées avec tout leur entourage, sans les pixels des autres cellules, et seules.',
  maskingOfStore: (masking) =>
    `Les vignettes de ce dépôt sont déjà découpées, masquage «\u00a0${masking}\u00a0»\u00a0: ce qu’il a ôté ne peut être montré. ` +
    'Explorez les champs pour voir les trois côte à côte.',
  maskings: { none: 'aucun', neighbours: 'voisines', full: 'complet' },
  proteinOnly: 'protéine seule',
};

const DICTIONARIES: Record<Language, Words> = { en: ENGLISH, fr: FRENCH };

export function wordsIn(language: Language): Words {
  return DICTIONARIES[language];
}
